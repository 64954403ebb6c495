"""Sequences of one document kept apart."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from massivetext.filters.tokens.separate import separate


def laid(sequences: list[set[int]]) -> list[set[int]]:
    first = np.cumsum([0, *map(len, sequences)])
    documents = np.array([document for one in sequences for document in sorted(one)], np.uint64)
    order = separate(first, documents)
    assert sorted(order) == list(range(len(sequences))), "each sequence once"
    return [sequences[place] for place in order]


def in_a_row(sequences: list[set[int]]) -> int:
    return sum(bool(one & other) for one, other in pairwise(sequences))


def test_what_stands_apart_is_left_alone() -> None:
    sequences = [{1}, {2}, {1}, {3, 4}, {2, 5}]
    assert laid(sequences) == sequences


def test_the_nearest_other_changes_places() -> None:
    assert laid([{1}, {1}, {2}, {3}, {4}]) == [{1}, {2}, {1}, {3}, {4}]
    assert laid([{2}, {3}, {4}, {1}, {1}]) == [{2}, {1}, {4}, {1}, {3}], "backwards where none is ahead"


def test_a_document_that_is_alone_stays_as_it_is() -> None:
    assert laid([{1}] * 5) == [{1}] * 5
    assert laid([]) == []


@given(st.lists(st.integers(0, 40), min_size=30, max_size=200))
def test_never_more_in_a_row_than_before(rare: list[int]) -> None:
    sequences = [{document} for document in rare]
    assert in_a_row(laid(sequences)) <= in_a_row(sequences)


def test_a_book_among_many_documents() -> None:
    """A tenth of a shard of 5,000 sequences is one document: about 50 of its stand in a row by chance."""
    random = np.random.default_rng(5)
    sequences = [{0, n} if random.random() < 0.1 else {n, n + 10_000} for n in range(1, 5001)]
    assert in_a_row(sequences) > 30
    assert in_a_row(laid(sequences)) == 0
