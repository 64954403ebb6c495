"""Evaluates the files in which a site states its reservations, for one page."""

from collections.abc import Iterable, Iterator, Sequence

from massivetext.filters.reservations import robots_txt, tdmrep
from massivetext.filters.reservations.robots_txt import PathRule, Rules

ROBOTS, TDMREP, AI = "robots.txt", "tdmrep.json", "ai.txt"
PATHS = {
    "/robots.txt": ROBOTS,
    "/.well-known/tdmrep.json": TDMREP,
    "/ai.txt": AI,
    "/.well-known/ai.txt": AI,
}
"""Where a site keeps each file."""

RESERVES, MAY = "tdm-reservation:1", "tdm-reservation:0"
"""What a page itself states of text and data mining, in its head or headers; it overrides tdmrep.json."""


def statements(file: str, content: bytes, agents: Sequence[str]) -> Iterator[tuple[str, list[PathRule]]]:
    """Returns the rules of a site's file, by the value that a refused page gets: `robots.txt:gptbot`, `ai.txt`."""
    if file == ROBOTS:
        for agent in agents:
            yield f"{ROBOTS}:{agent.lower()}", robots_txt.rules_for(content, agent)
    elif file == TDMREP:
        yield TDMREP, tdmrep.tdm_rules(content)
    else:
        yield AI, robots_txt.rules_for(content, "*")


def said_of(path: str, stated: Iterable[tuple[str, Rules]], own: Sequence[str]) -> list[str]:
    """Returns the values that a site's statements give to a page. `own` has those of the page itself."""
    return [statement for statement, rules in stated if _refuses(statement, rules, path, own)]


def _refuses(statement: str, rules: Rules, path: str, own: Sequence[str]) -> bool:
    if statement == TDMREP:
        return MAY not in own and tdmrep.reserves(rules, path)
    if statement == AI:
        # ai.txt names kinds of files (`*.html`); a page without an ending counts as HTML.
        as_file = path if "." in path.rpartition("/")[2] else path.partition("?")[0].rstrip("/") + ".html"
        return robots_txt.disallows(rules, path) or robots_txt.disallows(rules, as_file)
    return robots_txt.disallows(rules, path)
