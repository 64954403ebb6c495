"""Features are counted and found as Python's own regular expressions count and find them."""

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from massivetext.filters.features import count, spans, together, wrong

PATTERNS = [r"\bfinna\b", r"\bhe\s+be\s+\w+in(?:g\b|')", "é+"]


@given(st.lists(st.text(alphabet="he binafgé \n\x01\x02'HB😀"), min_size=1))
def test_counts_and_spans_are_those_of_re(texts: list[str]) -> None:
    pattern = together(PATTERNS)
    expected = [
        [match.span() for match in re.finditer(pattern, text, re.IGNORECASE | re.ASCII)] for text in texts
    ]
    assert count(pa.array(texts), pattern).tolist() == [len(found) for found in expected]
    assert [list(spans(text, pattern)) for text in texts] == expected


def test_case_does_not_matter_unless_a_pattern_says_so() -> None:
    texts = pa.array(["Finna finna", "FINNA"])
    assert count(texts, r"\bfinna\b").tolist() == [2, 1]
    assert count(texts, r"(?-i)\bfinna\b").tolist() == [1, 0]


def test_a_slice_is_counted_as_itself() -> None:
    texts = pa.array(["finna", "finna finna", "", "finna"]).slice(1, 2)
    assert count(texts, "finna").tolist() == [2, 0]


@pytest.mark.parametrize(
    ("pattern", "message"), [("(a", "missing )"), ("a**", "bad repetition"), ("a*", "matches the empty text")]
)
def test_wrong_patterns(pattern: str, message: str) -> None:
    assert message in (wrong(pattern) or "")
    assert wrong(r"\ba") is None
