import re
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.kernels.unicode import SPACES
from massivetext.filters.similarity.shingle import Shingle, Unit
from massivetext.filters.similarity.shingles import shingles
from tests.filters import reference

PROSE = [f"{word}{at}" for at, word in enumerate(["the", "quick", "brown", "fox"] * 5)]
SIGNS = st.sampled_from(list("aabbAB1éÉ.,-…$ \n\t\u00a0\u2003\u3000\x1c\u0301İ語文คา"))
WHITE = dict.fromkeys(SPACES, " ")
TEXTS = st.lists(st.text(SIGNS, max_size=80), max_size=5)


def batch(*texts: str) -> pa.RecordBatch:
    return pa.record_batch({"text": pa.array(texts, pa.string())})


def words(text: str) -> list[str]:
    """A text's words, lower-cased."""
    return [reference.lower(word) for word in reference.words(text)]


def grams(text: str, n: int) -> set[tuple[str, ...]]:
    found = words(text)
    n = min(n, len(found))
    return {tuple(found[at : at + n]) for at in range(len(found) - n + 1)} if found else set()


def sets(found: tuple[np.ndarray, np.ndarray]) -> list[set[int]]:
    offsets, values = found
    rows = [values[start:end].tolist() for start, end in pairwise(offsets)]
    assert all(row == sorted(set(row)) for row in rows)
    return [set(row) for row in rows]


@settings(deadline=None)  # the first call compiles
@given(TEXTS, st.integers(1, 14))
def test_shingles_are_equal_where_the_words_are_equal(texts: list[str], n: int) -> None:
    found, expected = sets(shingles(batch(*texts), Shingle(n))), [grams(text, n) for text in texts]
    for first, first_grams in zip(found, expected, strict=True):
        for second, second_grams in zip(found, expected, strict=True):
            assert len(first & second) == len(first_grams & second_grams)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 8, 13, 19])
def test_a_shingle_is_what_its_words_alone_give(n: int) -> None:
    alone = sets(
        shingles(batch(*(" ".join(PROSE[at : at + n]) for at in range(len(PROSE) - n + 1))), Shingle(n))
    )
    assert all(len(one) == 1 for one in alone)
    assert sets(shingles(batch(" ".join(PROSE)), Shingle(n))) == [set.union(*alone)]


def test_shingles_are_word_13_grams() -> None:
    assert np.diff(shingles(batch(" ".join(PROSE))).offsets).tolist() == [len(PROSE) - 12]


def test_fewer_words_than_n_are_one_shingle_and_none_are_none() -> None:
    offsets, _ = shingles(batch("one two three", "", "-- …\n ! ", "one"))
    assert np.diff(offsets).tolist() == [1, 0, 0, 1]


def test_case_punctuation_and_white_space_do_not_count_but_order_does() -> None:
    same, other = "One, two -- (three)\u2003FOUR!", "two one three four"
    a, b, c = sets(shingles(batch("one two three four", same, other)))
    assert a == b
    assert a.isdisjoint(c)


def test_repeats_of_one_word_differ_by_their_number() -> None:
    rows = sets(shingles(batch(*("a " * count for count in range(1, 15)))))
    assert all(len(row) == 1 for row in rows)
    assert len(set.union(*rows)) == 13  # 13 and 14 times are the same 13-gram


def test_an_even_spread_over_all_bits() -> None:
    """Consumers take bits from either end: for MinHash, for hash tables."""
    _, values = shingles(batch(" ".join(f"word{i % 997} x" for i in range(30_000))), Shingle(4))
    count = len(values)
    ones = np.array([int(np.sum(values >> np.uint64(bit) & np.uint64(1))) for bit in range(64)])
    assert np.abs(ones - count / 2).max() < 5 * (count / 4) ** 0.5


def test_rows_do_not_depend_on_their_neighbours_or_on_slicing() -> None:
    texts = ["", " ".join(PROSE), "a b", " ".join(reversed(PROSE)), ""]
    whole = sets(shingles(batch(*texts)))
    assert sets(shingles(batch(*texts).slice(1, 3))) == whole[1:4]
    assert [sets(shingles(batch(text)))[0] for text in texts] == whole


def test_no_documents() -> None:
    offsets, values = shingles(batch())
    assert (offsets.tolist(), values.tolist()) == ([0], [])


def test_a_shingle_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or more words, not 0"):
        Shingle(0)
    with pytest.raises(ValueError, match="1 or more characters, not -1"):
        Shingle(-1, Unit.CHARACTERS)


def character_grams(text: str, n: int) -> set[str]:
    found = re.sub(" +", " ", reference.lower(text).translate(WHITE)).strip(" ")
    n = min(n, len(found))
    return {found[at : at + n] for at in range(len(found) - n + 1)} if found else set()


@settings(deadline=None)
@given(TEXTS, st.integers(1, 14))
def test_character_shingles_are_equal_where_the_characters_are_equal(texts: list[str], n: int) -> None:
    found = sets(shingles(batch(*texts), Shingle(n, Unit.CHARACTERS)))
    expected = [character_grams(text, n) for text in texts]
    for first, first_grams in zip(found, expected, strict=True):
        assert len(first) == len(first_grams)
        for second, second_grams in zip(found, expected, strict=True):
            assert len(first & second) == len(first_grams & second_grams)


def test_characters_are_lower_cased_and_white_space_is_one_space() -> None:
    same = ["The Mill,  1851", "the\u00a0mill,\r\n1851\n", " THE MILL,\t1851"]
    rows = sets(shingles(batch(*same, "the mill 1851"), Shingle(5, Unit.CHARACTERS)))
    assert rows[0] == rows[1] == rows[2] != rows[3]


def test_what_a_shingle_is_called() -> None:
    assert (str(Shingle()), Shingle().gram) == ("13 words", "13-gram")
    five = Shingle(5, Unit.CHARACTERS)
    assert (str(five), five.gram) == ("5 characters", "character 5-gram")
