import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from massivetext.filters.calibrate import SHARES, count_held, frequent, limit_at, shares, stop_words
from massivetext.filters.families import FAMILIES
from massivetext.filters.families.family import Limit

BOTH = Limit(50, 100)


def array(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


def test_shares_are_of_values_strictly_beyond() -> None:
    assert shares(array(49, 50, 75, 100, 101, 102), BOTH) == (pytest.approx(1 / 6), pytest.approx(2 / 6))
    assert shares(array(1, 2), Limit()) == (0, 0)


@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=60),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from([BOTH, Limit(minimum=50), Limit(maximum=100), Limit()]),
)
def test_no_larger_share_than_asked_is_cut(
    values: list[int], below: float, above: float, like: Limit
) -> None:
    found = limit_at(array(*values), (below, above), like)
    cut = shares(array(*values), found)
    assert cut[0] <= below
    assert cut[1] <= above
    assert (found.minimum is None, found.maximum is None) == (like.minimum is None, like.maximum is None)


def test_the_share_is_met_where_values_differ() -> None:
    values = np.arange(1000, dtype=np.float64)
    assert limit_at(values, (0.1, 0.25), BOTH) == Limit(100, 749)
    assert shares(values, Limit(100, 749)) == (0.1, 0.25)


def test_a_limit_that_cuts_nothing_is_no_tighter_than_the_one_it_stands_for() -> None:
    """The longest document of a language is not in the sample."""
    assert limit_at(array(60, 70), (0, 0), BOTH) == BOTH
    assert limit_at(array(10, 900), (0, 0), BOTH) == Limit(10, 900)
    assert limit_at(array(10.00009, 900.00001), (0, 0), BOTH) == Limit(10, 900.0001)


def test_every_limit_of_prose_has_a_published_share() -> None:
    limits = {**FAMILIES["quality"].limits, **FAMILIES["repetition"].limits}
    assert list(SHARES) == list(limits)
    for column, (below, above) in SHARES.items():
        assert below == 0 or limits[column].minimum is not None
        assert above == 0 or limits[column].maximum is not None


def test_stop_words_are_those_of_most_documents() -> None:
    texts = pa.array(["Der Hund und der Hund", "die Katze UND der Hund 7 7a", "und", "der der der der"])
    held = frequent(texts, 3)
    assert held == [["der", "hund", "und"], ["der", "hund", "und"], ["und"], ["der"]]
    lists = pa.array(held, pa.list_(pa.string()))
    assert stop_words(lists, 2) == ["der", "und"]  # of equally frequent ones, the first by name
    assert count_held(lists, ["der", "und"]).tolist() == [2, 2, 1, 1]
    assert count_held(pa.array([[], ["x"], []], pa.list_(pa.string())), ["x"]).tolist() == [0, 1, 0]


def test_stop_words_in_scripts_without_spaces() -> None:
    held = frequent(pa.array(["我的书在这里。", "他的猫在那里。", "书和猫"]), 8)
    assert stop_words(pa.array(held), 2) == ["书", "在"]
