"""Packings hold every token once, keep documents apart from the cut they need, and fit as they promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.tokens.pack import Packing, best_fit, concatenate, divided

documents = st.lists(st.integers(0, 70), max_size=60)
capacities = st.integers(1, 20)


def some_order(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2**64, count, dtype=np.uint64)


def rows(packing: Packing) -> list[tuple[int, int, int, int, int]]:
    return list(zip(*(column.tolist() for column in packing[:5]), strict=True))


def check(packing: Packing, lengths: list[int], capacity: int) -> None:
    """Each token of each document stands at one place of one sequence, and sequences fill from 0 on."""
    tokens = [[0] * length for length in lengths]
    filled: dict[int, int] = {}
    for document, start, length, sequence, offset in rows(packing):
        assert length > 0
        assert offset == filled.get(sequence, 0)
        filled[sequence] = offset + length
        assert offset + length <= capacity
        for token in range(start, start + length):
            tokens[document][token] += 1
    assert all(count == 1 for document in tokens for count in document)
    assert sorted(filled) == list(range(packing.sequences))
    assert [row[3:] for row in rows(packing)] == sorted(row[3:] for row in rows(packing))
    assert packing.padding(capacity) == packing.sequences * capacity - sum(lengths)


@given(documents, capacities)
@settings(deadline=None)
def test_best_fit_places_every_token_once(lengths: list[int], capacity: int) -> None:
    packing = best_fit(np.array(lengths, np.int64), some_order(len(lengths)), capacity)
    check(packing, lengths, capacity)
    runs = np.bincount(packing.document, minlength=len(lengths))
    assert runs.tolist() == [-(-length // capacity) for length in lengths], "cut more often than needed"


@given(documents, capacities)
@settings(deadline=None)
def test_concatenate_places_every_token_once_in_order(lengths: list[int], capacity: int) -> None:
    packing = concatenate(np.array(lengths, np.int64), capacity)
    check(packing, lengths, capacity)
    assert packing.sequences == -(-sum(lengths) // capacity)
    places = [
        (sequence * capacity + offset, document, start)
        for document, start, _, sequence, offset in rows(packing)
    ]
    assert places == sorted(places, key=lambda place: place[1:])


def plain_best_fit(sizes: list[int], capacity: int) -> list[int]:
    """How full each sequence gets, found by looking at all of them."""
    free: list[int] = []
    for size in sorted(sizes, reverse=True):
        fitting = [i for i, space in enumerate(free) if space >= size]
        if fitting:
            free[min(fitting, key=lambda i: free[i])] -= size
        else:
            free.append(capacity - size)
    return sorted(capacity - space for space in free)


@given(st.lists(st.integers(1, 40), max_size=80), st.integers(40, 64))
@settings(deadline=None)
def test_best_fit_is_best_fit_decreasing(lengths: list[int], capacity: int) -> None:
    packing = best_fit(np.array(lengths, np.int64), some_order(len(lengths)), capacity)
    used = np.bincount(packing.sequence, packing.length, packing.sequences)
    assert sorted(used.tolist()) == plain_best_fit(lengths, capacity)


def test_a_known_packing() -> None:
    lengths, order = np.array([25, 6, 4, 3, 7, 10]), np.array([5, 4, 3, 2, 1, 0], np.uint64)
    packing = best_fit(lengths, order, 10)
    assert rows(packing) == [
        (0, 0, 10, 0, 0),
        (0, 10, 10, 1, 0),
        (5, 0, 10, 2, 0),
        (4, 0, 7, 3, 0),
        (3, 0, 3, 3, 7),
        (2, 0, 4, 4, 0),
        (1, 0, 6, 4, 4),
        (0, 20, 5, 5, 0),
    ]


def test_equal_lengths_are_told_apart_by_order_alone() -> None:
    """Documents given in another order, each with its own place: the same neighbours."""
    lengths = np.random.default_rng(1).integers(1, 300, 500)
    order = some_order(500)
    shuffle = np.random.default_rng(2).permutation(500)

    def neighbours(packing: Packing, names: np.ndarray) -> list[tuple[int, int, int]]:
        return list(
            zip(
                packing.sequence.tolist(),
                packing.offset.tolist(),
                names[packing.document].tolist(),
                strict=True,
            )
        )

    first = best_fit(lengths, order, 64)
    other = best_fit(lengths[shuffle], order[shuffle], 64)
    remainders = first.sequence >= int((lengths // 64).sum())
    assert [n for n, kept in zip(neighbours(first, np.arange(500)), remainders, strict=True) if kept] == [
        n for n, kept in zip(neighbours(other, shuffle), remainders, strict=True) if kept
    ]
    assert neighbours(first, np.arange(500)) != neighbours(
        best_fit(lengths, some_order(500, 9), 64), np.arange(500)
    )


@pytest.mark.parametrize("lengths", [[], [0], [0, 0, 0]])
def test_no_tokens_give_no_sequences(lengths: list[int]) -> None:
    for packing in (
        best_fit(np.array(lengths, np.int64), some_order(len(lengths)), 8),
        concatenate(np.array(lengths, np.int64), 8),
    ):
        assert packing.sequences == 0
        assert rows(packing) == []


def test_many_remainders_are_packed_with_little_padding() -> None:
    lengths = np.random.default_rng(4).integers(1, 5000, 50_000)
    packing = best_fit(lengths, some_order(50_000), 2048)
    assert packing.padding(2048) / lengths.sum() < 1e-4


def test_neighbouring_documents_are_packed_like_one():
    random = np.random.default_rng(1)
    for _ in range(200):
        lengths = random.integers(0, 40, random.integers(0, 30))
        first = np.unique([0, len(lengths), *random.integers(0, len(lengths) + 1, 5)])
        sums = np.add.reduceat(lengths, first[:-1]) if len(lengths) else lengths
        whole = best_fit(sums, np.arange(len(sums), dtype=np.uint64), 16)
        packed = divided(whole, lengths, first)
        tokens = [
            (document, token)
            for document, start, length in zip(packed.document, packed.start, packed.length, strict=True)
            for token in range(start, start + length)
        ]
        assert sorted(tokens) == [(at, token) for at, size in enumerate(lengths) for token in range(size)]
        assert packed.sequences == whole.sequences
        for sequence in range(packed.sequences):
            own = packed.sequence == sequence
            ends = np.cumsum(packed.length[own])
            assert packed.offset[own].tolist() == [0, *ends[:-1]]
            assert ends[-1] == whole.length[whole.sequence == sequence].sum() <= 16
