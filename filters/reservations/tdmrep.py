"""Reads tdmrep.json, in which a site reserves text and data mining (TDM Reservation Protocol of a W3C community
group)."""

import json

from massivetext.filters.reservations.paths import matches, spelt
from massivetext.filters.reservations.robots_txt import PathRule, Rules


def tdm_rules(content: bytes) -> list[PathRule]:
    """Returns the file's rules in order; none if the file does not follow the protocol. A rule allows what it does not
    reserve."""
    try:
        found = json.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):  # no JSON, no text, or nested too deep
        return []
    return [
        PathRule(spelt(rule["location"]), str(rule["tdm-reservation"]).strip() != "1")
        for rule in (found if isinstance(found, list) else [found])
        if isinstance(rule, dict) and isinstance(rule.get("location"), str) and "tdm-reservation" in rule
    ]


def reserves(rules: Rules, path: str) -> bool:
    """Whether the first rule that matches a path reserves it."""
    return next((not rule.allows for rule in rules if matches(rule.pattern, path)), False)
