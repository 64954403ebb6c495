"""Scanners find what Python's `re` finds, for every expression that they know."""

import re
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.kernels.unicode import POINTS
from massivetext.filters.tokens.ranked.expression import UnknownExpressionError
from massivetext.filters.tokens.ranked.layers import Layers, layers, match
from massivetext.filters.tokens.ranked.scanner import compile_expression

EXPRESSIONS = [
    r"a+|b",
    r"'s|'t|'re| ?[a-z]+| ?\d+| ?[^\sa-z\d]+|\s+(?!\S)|\s+",
    r"\d{1,3}|[^\r\n\d]?[a-z]+|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"(?:ab|a)(?:c|bcd)(?:d|x)?",
    r"[A-Z]*[a-z]+(?:'s|'t)?|[A-Z]+[a-z]*",
    r"a{2}b{1,}c{0,2}",
    r"(a|ab)(c|bcd)",
    r"[é漢]+ ?|🙂",
]
TEXTS = st.text(st.sampled_from("abcdxzABZ st're12345 \t\r\n'.é漢🙂"), max_size=40)


@cache
def members(spelling: str) -> npt.NDArray[np.bool_]:
    inside = np.zeros(POINTS, np.bool_)
    found = re.compile(spelling)
    points = [*range(0x500), *range(0x2000, 0x2100), 0x3000, *range(0x6F00, 0x7000), 0x1F642]
    inside[[point for point in points if found.fullmatch(chr(point))]] = True
    return inside


@cache
def compiled(source: str) -> Layers:
    return layers([(compile_expression(source, members), False)])


@pytest.mark.parametrize("source", EXPRESSIONS)
@given(text=TEXTS)
@settings(max_examples=300, deadline=None)
def test_a_match_is_that_of_a_backtracking_engine(source: str, text: str) -> None:
    data = np.frombuffer(text.encode() + bytes(16), np.uint8)
    for start in range(len(text)):
        found = re.compile(source).match(text, start)
        expected = len(text[: found.end()].encode()) if found else -1
        at = len(text[:start].encode())
        assert match(compiled(source), 0, data, at, len(text.encode())) == expected


@pytest.mark.parametrize(
    "source", [r"a+?", r"a++", r"(?=a)b", r"(?<!a)b", r"\bab", r"a*", r"(?!ab)a", "(a", "a)", "^a", "a$", r"(?i:é)b"]
)  # fmt: skip
def test_what_scanners_do_not_know_is_refused(source: str) -> None:
    with pytest.raises(UnknownExpressionError):
        compile_expression(source, members)
