"""Reads the rules of a robots.txt for a crawler, after RFC 9309. ai.txt has the same syntax."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from massivetext.filters.reservations.paths import matches, spelt

LONGEST = 500 << 10  # the bytes of a file that are read, as the RFC demands
LINE_END = re.compile(r"\r\n|\r|\n")
TOKEN = re.compile(r"[A-Za-z_-]+")
AGENT = frozenset({"user-agent", "useragent", "user agent"})
DISALLOW = frozenset(
    {"disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"}
)  # spellings that crawlers accept


class PathRule(NamedTuple):
    """A rule: a pattern of paths, and whether it allows them."""

    pattern: str
    allows: bool


Rules = Sequence[PathRule]


def rules_for(content: bytes, agent: str) -> list[PathRule]:
    """Returns the rules of all groups that name the crawler; if none does, those of the groups for all crawlers.

    A group names a crawler by its product token: the letters, `_` and `-` with which a User-agent line begins, in any
    case.
    """
    groups = list(_groups(content))
    for name in (agent.lower(), "*"):
        if own := [rules for names, rules in groups if name in names]:
            return [rule for rules in own for rule in rules]
    return []


def disallows(rules: Rules, path: str) -> bool:
    """Whether the longest pattern that matches a path (in the spelling of `spelt`) disallows it. Among equals, allow
    wins."""
    found = [(len(rule.pattern), rule.allows) for rule in rules if matches(rule.pattern, path)]
    return bool(found) and not max(found)[1] and path != "/robots.txt"


def _groups(content: bytes) -> Iterator[tuple[set[str], list[PathRule]]]:
    names: set[str] = set()
    rules: list[PathRule] = []
    is_naming = False  # whether the last line of a group named a crawler
    for key, value in _lines(content):
        if key in AGENT:
            if not is_naming and names:
                yield names, rules
                names, rules = set(), []
            token = TOKEN.match(value)
            names.add("*" if value.startswith("*") else token[0].lower() if token else "")
            is_naming = True
        elif key == "allow" or key in DISALLOW:
            is_naming = False
            if value and names:  # an empty Disallow forbids nothing
                rules.append(PathRule(spelt(value), key == "allow"))
    if names:
        yield names, rules


def _lines(content: bytes) -> Iterator[tuple[str, str]]:
    text = content[:LONGEST].decode("utf-8-sig", "replace")
    for line in LINE_END.split(text):
        key, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield key.strip().lower(), value.strip()
