"""Test items cut into terms and grams: what a corpus is searched for.

An item has parts, each in one role: its question (or all of its text), its answer (choices, solution), the passage
that it asks about. A part of more than 64 terms is searched in pieces of at most 64, so that which terms of a
piece stand in a document is one machine word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.utf8 import views
from massivetext.filters.similarity.terms import GRAM, Terms, join_terms, new_terms, split_terms

Role = Literal["question", "answer", "passage"]
ROLES: tuple[Role, ...] = ("question", "answer", "passage")

PIECE = 64
"""The most terms of a piece."""

SHORTEST = 5
"""A part of fewer terms is not searched for."""

NONE = -1


class Part(NamedTuple):
    """A part of an item, as a reader of test sets gives it."""

    test_set: str
    item: str
    role: Role
    text: str


class Table(NamedTuple):
    """Distinct 64-bit keys by number, for look-ups within kernels."""

    keys: np.ndarray  # uint64[keys], ascending
    slots: np.ndarray  # int32[2^k], open addressing by the low bits: a number, or NONE
    bits: np.ndarray  # uint64[2^j]: a filter that most other keys do not pass


class Postings(NamedTuple):
    """Where each key occurs: those of key i at starts[i] : starts[i + 1]."""

    starts: np.ndarray  # int64[keys + 1]
    pieces: np.ndarray  # int32
    places: np.ndarray  # int32: within the piece, in terms


class Pieces(NamedTuple):
    """The terms of all pieces, one piece after the other: those of piece i at starts[i] : starts[i + 1]."""

    starts: np.ndarray  # int64[pieces + 1]
    terms: np.ndarray  # uint64: hashes
    parts: np.ndarray  # int32[pieces]
    is_number: np.ndarray  # bool, of each term: whether it begins with a digit


@dataclass(frozen=True, eq=False)
class TestItems:
    """All parts of all items. Plain data and arrays: it pickles."""

    parts: list[Part]
    pieces: Pieces
    words: Table  # distinct terms
    numbers: np.ndarray  # int32: of each of the pieces' terms, in `words`
    grams: Table
    postings: Postings  # of the grams

    __test__ = False  # or pytest takes it for a test

    @classmethod
    def build(cls, parts: Sequence[Part]) -> "TestItems":
        """Cut parts into pieces, and note where each gram occurs. Memory is about 80 bytes a word of text."""
        offsets, data = views(pa.array([part.text for part in parts], pa.string()))
        terms, hashes, is_number = new_terms(offsets), [], []
        for number in range(len(parts)):
            count = split_terms(data, offsets[number], offsets[number + 1], terms)
            count = count if count >= SHORTEST else 0
            hashes.append(terms.hashes[:count].copy())
            is_number.append(_is_digit(data[terms.starts[:count]]))
        pieces = _pieces(hashes, is_number)
        found, in_pieces, places = _grams(pieces)
        order = np.argsort(found, kind="stable")
        keys, firsts = np.unique(found[order], return_index=True)
        starts = np.append(firsts, len(order)).astype(np.int64)
        words, numbers = np.unique(pieces.terms, return_inverse=True)
        return cls(
            list(parts),
            pieces,
            table(words),
            numbers.astype(np.int32),
            table(keys),
            Postings(starts, in_pieces[order], places[order]),
        )


def table(keys: np.ndarray) -> Table:
    """Distinct keys, ascending, for look-ups."""
    slots = np.full(1 << (4 * len(keys)).bit_length(), NONE, np.int32)
    bits = np.zeros(1 << max(4, len(keys).bit_length() - 1), np.uint64)
    _fill(keys, slots, bits)
    return Table(keys, slots, bits)


def _is_digit(byte: np.ndarray) -> np.ndarray:
    """Whether bytes are ASCII digits."""
    found: np.ndarray = (byte >= ord("0")) & (byte <= ord("9"))
    return found


def _pieces(hashes: list[np.ndarray], is_number: list[np.ndarray]) -> Pieces:
    sizes, parts = [], []
    for part, found in enumerate(hashes):
        count = -(-len(found) // PIECE)
        sizes += [len(piece) for piece in np.array_split(found, count)] if count else []
        parts += [part] * count
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(np.array(sizes, np.int64), out=starts[1:])
    terms = np.concatenate([np.empty(0, np.uint64), *hashes])
    numbers = np.concatenate([np.empty(0, bool), *is_number])
    return Pieces(starts, terms, np.array(parts, np.int32), numbers)


def _grams(pieces: Pieces) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The grams within each piece, their pieces and places."""
    sizes = np.diff(pieces.starts)
    counts = np.maximum(sizes + 1 - GRAM, 0)
    owners = np.repeat(np.arange(len(sizes), dtype=np.int32), counts)
    places = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    length = len(pieces.terms) + GRAM
    padded = np.append(pieces.terms, np.zeros(GRAM, np.uint64))
    unused = np.empty(length, np.int32)
    work = Terms(unused, unused, padded, np.empty(length, np.uint64), np.empty(length, np.uint64))
    join_terms(work, length)
    return work.grams[pieces.starts[owners] + places], owners, places.astype(np.int32)


@borrowing_kernel
def _fill(keys: np.ndarray, slots: np.ndarray, bits: np.ndarray) -> None:
    for number in range(len(keys)):
        slot = np.int64(keys[number] & np.uint64(len(slots) - 1))
        while slots[slot] != NONE:
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = number
        bits[_word(keys[number], bits)] |= _bit(keys[number])


@borrowing_kernel
def _word(key: np.uint64, bits: np.ndarray) -> int:
    return int(np.int64(key >> np.uint64(38) & np.uint64(len(bits) - 1)))


@borrowing_kernel
def _bit(key: np.uint64) -> np.uint64:
    return np.uint64(1) << (key >> np.uint64(32) & np.uint64(63))


@borrowing_kernel
def number_of(key: np.uint64, table: Table) -> int:
    """A key's number, or NONE."""
    if not table.bits[_word(key, table.bits)] & _bit(key):
        return NONE
    slots: np.ndarray = table.slots
    slot = np.int64(key & np.uint64(len(slots) - 1))
    while slots[slot] != NONE and table.keys[slots[slot]] != key:
        slot = (slot + 1) & (len(slots) - 1)
    return int(slots[slot])
