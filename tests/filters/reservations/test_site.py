"""What the files of a site say of its pages: tdmrep.json, ai.txt, robots.txt by agent."""

import pytest

from massivetext.filters.reservations.site import AI, MAY, ROBOTS, TDMREP, said_of, statements
from massivetext.filters.reservations.tdmrep import reserves, tdm_rules

RULES = b"""[
  {"location": "/open/*.html", "tdm-reservation": 0},
  {"location": "/open/", "tdm-reservation": "1", "tdm-policy": "https://e.org/policy.json"},
  {"location": "/news", "tdm-reservation": 1},
  {"tdm-reservation": 1}, {"location": "/x"}, 3
]"""


def test_the_first_rule_that_matches_counts() -> None:
    rules = tdm_rules(RULES)
    paths = ["/open/a.html", "/open/a.txt", "/news/1", "/", "/x"]
    assert [reserves(rules, path) for path in paths] == [False, True, True, False, False]


@pytest.mark.parametrize("content", [b"", b"<html>", b"[", b"null", b'{"location": 3, "tdm-reservation": 1}'])
def test_a_file_that_is_not_as_the_protocol_has_it_reserves_nothing(content: bytes) -> None:
    assert tdm_rules(content) == []


def said(file: str, content: bytes, path: str, own: tuple[str, ...] = ()) -> list[str]:
    return said_of(path, list(statements(file, content, ["CCBot", "GPTBot"])), own)


def test_a_page_overrides_its_site() -> None:
    assert said(TDMREP, RULES, "/news/1") == [TDMREP]
    assert said(TDMREP, RULES, "/news/1", (MAY,)) == []


def test_robots_txt_by_agent() -> None:
    content = b"User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nDisallow: /a"
    assert said(ROBOTS, content, "/b") == ["robots.txt:gptbot"]
    assert said(ROBOTS, content, "/a") == ["robots.txt:ccbot", "robots.txt:gptbot"]


@pytest.mark.parametrize(
    ("line", "path", "expected"),
    [
        ("/", "/a", [AI]),
        ("*.html", "/a", [AI]),  # a page without an ending is one of HTML
        ("*.html", "/a/b.html", [AI]),
        ("*.html", "/", [AI]),
        ("*.jpg", "/a", []),
        ("*.txt", "/a/b.html", []),
    ],
)
def test_ai_txt_names_kinds_of_files(line: str, path: str, expected: list[str]) -> None:
    assert said(AI, f"User-Agent: *\nDisallow: {line}\nAllow: *.png".encode(), path) == expected
