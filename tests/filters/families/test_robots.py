import pyarrow as pa
import pytest

from massivetext.filters.families.robots import RobotsRule

PAGES = pa.record_batch(
    {"robots": pa.array([["none"], ["noindex"], ["nofollow"], ["noai"], ["max-snippet:-1"], [], None])}
)


@pytest.mark.parametrize(
    ("refuse", "broken"),
    [
        (("noindex",), [True, True, False, False]),
        (("nofollow",), [True, False, True, False]),
        (("NoIndex", "noai"), [True, True, False, True]),
        (("noai",), [False, False, False, True]),  # `none` is noindex and nofollow, nothing else
        (("none",), [True, False, False, False]),
    ],
)
def test_none_is_noindex_and_nofollow(refuse: tuple[str, ...], broken: list[bool]) -> None:
    assert RobotsRule(refuse).broken(PAGES).tolist() == [*broken, False, False, False]


def test_a_directive_is_compared_without_its_value() -> None:
    assert RobotsRule(("max-snippet",)).broken(PAGES).tolist() == [False] * 4 + [True, False, False]


def test_sites_are_refused_by_agent_and_reservations_wherever_they_stand() -> None:
    asked = [
        ["robots.txt:ccbot"],
        ["robots.txt:gptbot"],
        ["tdm-reservation:1"],
        ["tdm-reservation:0"],
        ["tdmrep.json"],
    ]
    pages = pa.record_batch({"robots": pa.array([*asked, ["ai.txt"], None])})
    assert RobotsRule((), ("CCBot",)).broken(pages).tolist() == [True] + 6 * [False]
    assert RobotsRule(("tdm-reservation",)).broken(pages).tolist() == [
        False,
        False,
        True,
        False,
        True,
        False,
        False,
    ]
    assert RobotsRule(("ai.txt",), ("GPTBot",)).broken(pages).tolist() == [
        False,
        True,
        *3 * [False],
        True,
        False,
    ]
