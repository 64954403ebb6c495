"""robots.txt as RFC 9309 has it."""

import random
import time

import pytest

from massivetext.filters.reservations.paths import matches, site_and_path, spelt
from massivetext.filters.reservations.robots_txt import PathRule, disallows, rules_for


def refused(text: str, agent: str, path: str) -> bool:
    return disallows(rules_for(text.encode(), agent), spelt(path))


TWO = """
# who may not
User-agent: CCBot
User-agent: GPTBot/1.2
Disallow: /
Allow: /public/

User-agent: *
Disallow: /private
Sitemap: https://e.org/map.xml
Disallow: /*.php$
"""


@pytest.mark.parametrize(
    ("agent", "path", "expected"),
    [
        ("CCBot", "/a", True),
        ("ccbot", "/public/a", False),
        ("GPTBot", "/a", True),
        ("GPTBot", "/robots.txt", False),
        ("OtherBot", "/a", False),
        ("OtherBot", "/private/a", True),
        ("OtherBot", "/privateer", True),
        ("OtherBot", "/a/index.php", True),
        ("OtherBot", "/a/index.php?b", False),
        ("CC", "/a", False),  # no prefix of a name is the name
    ],
)
def test_groups_and_patterns(agent: str, path: str, expected: bool) -> None:
    assert refused(TWO, agent, path) == expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("User-agent: *\nDisallow:", "/a", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", False),  # of equal patterns allow wins
        ("User-agent: *\nAllow: /a\nDisallow: /ab", "/abc", True),  # the longest wins
        ("User-agent: *\nDisallow: /caf%C3%A9", "/café", True),
        ("User-agent: *\nDisallow: /café", "/caf%c3%a9", True),
        ("User-agent: *\nDisallow: /%7Ea", "/~a", True),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", False),  # an escaped reserved sign is another one
        ("Disallow: /", "/a", False),  # of no group
        ("\ufeffUser-agent: *\r\rDisallow: /", "/a", True),
        ("USER-AGENT : *\nDISALLOW : / # all", "/a", True),
        ("<html><body>Not found: sorry</body></html>", "/a", False),
        ("User-agent: a\nUser-agent: *\nDisallow: /x\nUser-agent: *\nDisallow: /y", "/x", True),
        (
            "User-agent: *\nDisallow: /x\n\nUser-agent: b\nDisallow: /z\nUser-agent: *\nDisallow: /y",
            "/y",
            True,
        ),
    ],
)
def test_lines(text: str, path: str, expected: bool) -> None:
    assert refused(text, "a-bot", path) == expected


def test_a_hostile_pattern_costs_little() -> None:
    rule = PathRule("/" + "*a" * 5000 + "$", False)
    begun = time.process_time()
    assert not matches(rule.pattern, "/" + "ab" * 50_000)
    assert time.process_time() - begun < 5


def test_patterns_against_a_search_that_tries_all() -> None:
    def slow(pattern: str, path: str) -> bool:
        if not pattern or pattern == "$":
            return not pattern or not path
        if pattern[0] == "*":
            return any(slow(pattern[1:], path[at:]) for at in range(len(path) + 1))
        return bool(path) and pattern[0] == path[0] and slow(pattern[1:], path[1:])

    chance = random.Random(3)
    for _ in range(3000):
        pattern = "/" + "".join(chance.choices("ab*", k=chance.randint(0, 6))) + chance.choice(["", "$"])
        path = "/" + "".join(chance.choices("ab", k=chance.randint(0, 8)))
        assert matches(pattern, path) == slow(pattern, path), (pattern, path)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://E.org", ("e.org", "/")),
        ("http://e.org:80/a?b=c#d", ("e.org", "/a?b=c")),
        ("https://e.org:8443/ä", ("e.org:8443", "/%C3%A4")),
        ("ftp://e.org/a", None),
        ("https://[broken/a", None),
        ("urn:a", None),
    ],
)
def test_site_and_path(url: str, expected: tuple[str, str] | None) -> None:
    assert site_and_path(url) == expected
