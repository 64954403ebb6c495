"""Finds the pieces of test items that documents hold: grams that stand together, then an alignment of the stretch."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.bits import trailing_zeros
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.utf8 import views
from massivetext.filters.similarity.align import ONE, Rows, align, new_rows
from massivetext.filters.similarity.terms import Terms, join_terms, new_terms, split_terms
from massivetext.filters.similarity.test_items import NONE, PIECE, Postings, Table, number_of

HELD = 0.5
"""The share of a piece that makes it a match."""

PART_HELD = 0.25
"""The share that a stretch must hold to count together with another: of an item with other text in its middle."""

APART = 8 * PIECE
"""The most terms between the beginnings of two such stretches."""

MATCHES = 4096  # rows of room, at first


class Searched(NamedTuple):
    """What the kernel knows of the items."""

    starts: np.ndarray  # int64[pieces + 1]: of each piece's terms
    terms: np.ndarray  # uint64
    weights: np.ndarray  # float64, of each term
    totals: np.ndarray  # float64[pieces]
    needed: np.ndarray  # int64[pieces]: grams that must stand together
    grams: Table  # those that are no common speech
    postings: Postings


class State(NamedTuple):
    """Of each piece, within the current document."""

    documents: np.ndarray  # int64: the last one in which a gram of it stood
    firsts: np.ndarray  # int64: where the grams that stand together begin, in terms
    lasts: np.ndarray  # int64
    lows: np.ndarray  # int64: where the piece would begin
    highs: np.ndarray  # int64: where it would end
    hits: np.ndarray  # int64: grams
    best: np.ndarray  # float64: bits held of it by the stretch, or the two stretches, that hold most
    masks: np.ndarray  # uint64: of these, as the next three
    begins: np.ndarray  # int64: bytes
    ends: np.ndarray  # int64
    places: np.ndarray  # int64: the term where the last of them begins
    touched: np.ndarray  # int32: pieces with a gram in the document, in the order of their first


class Found(NamedTuple):
    """Pieces that documents hold, one a row."""

    numbers: np.ndarray  # int64[rows, 4]: document, piece, first and last byte
    masks: np.ndarray  # uint64: terms of the piece that are held
    bits: np.ndarray  # float64


def find(batch: pa.RecordBatch, searched: Searched) -> Found:
    """The pieces that the documents hold."""
    offsets, data = views(batch["text"])
    count = len(searched.totals)
    kinds = (np.int64,) * 6 + (np.float64, np.uint64, np.int64, np.int64, np.int64, np.int32)
    state = State(*(np.full(count, 0, kind) for kind in kinds))
    state.documents[:] = NONE
    terms, work, room = new_terms(offsets), new_rows(12 * PIECE), _room(MATCHES)
    parts, document = [], 0
    while document < len(batch):
        document, rows = _match(offsets, data, document, searched, state, terms, work, room)
        parts.append(Found(*(column[:rows].copy() for column in room)))
        if not rows:
            room = _room(2 * len(room.bits))
    return Found(
        *(np.concatenate(columns) for columns in zip(Found(*(c[:0] for c in room)), *parts, strict=True))
    )


def _room(rows: int) -> Found:
    return Found(np.empty((rows, 4), np.int64), np.empty(rows, np.uint64), np.empty(rows, np.float64))


@borrowing_kernel
def _match(
    offsets: np.ndarray,
    data: np.ndarray,
    document: int,
    searched: Searched,
    state: State,
    terms: Terms,
    work: Rows,
    room: Found,
) -> tuple[int, int]:
    """Match documents from a given one on, until the matches of the next have no room.

    Returns the document to go on with, and how many rows of `room` are filled.
    """
    rows = 0
    while document < len(offsets) - 1:
        size = split_terms(data, offsets[document], offsets[document + 1], terms)
        touched = 0
        for at in range(join_terms(terms, size)):
            number = number_of(terms.grams[at], searched.grams)
            if number != NONE:
                touched = _hit(document, at, number, size, searched, state, terms, work, touched)
        needed = 0
        for nth in range(touched):
            _close(state.touched[nth], size, searched, state, terms, work)
            needed += _is_held(state.touched[nth], searched, state)
        if rows + needed > len(room.bits):
            for nth in range(touched):
                state.documents[state.touched[nth]] = NONE
            return document, rows
        for nth in range(touched):
            piece = state.touched[nth]
            if _is_held(piece, searched, state):
                room.numbers[rows, 0], room.numbers[rows, 1] = document, piece
                room.numbers[rows, 2] = state.begins[piece] - offsets[document]
                room.numbers[rows, 3] = state.ends[piece] - offsets[document]
                room.masks[rows], room.bits[rows] = state.masks[piece], state.best[piece]
                rows += 1
        document += 1
    return document, rows


@borrowing_kernel
def _hit(
    document: int,
    at: int,
    number: int,
    size: int,
    searched: Searched,
    state: State,
    terms: Terms,
    work: Rows,
    touched: int,
) -> int:
    """A gram stands at a term of the document: add it to what stands there of each piece that holds it."""
    postings: Postings = searched.postings
    for nth in range(postings.starts[number], postings.starts[number + 1]):
        piece, place = postings.pieces[nth], postings.places[nth]
        length = searched.starts[piece + 1] - searched.starts[piece]
        if state.documents[piece] != document:
            state.documents[piece] = document
            state.best[piece] = 0
            state.touched[touched] = piece
            touched += 1
            state.hits[piece] = 0
        elif at - state.lasts[piece] > length // 2 + 16 or at - state.firsts[piece] > 2 * length + 32:
            _close(piece, size, searched, state, terms, work)
        if state.hits[piece] == 0:
            state.firsts[piece] = state.lows[piece] = state.highs[piece] = at
        state.hits[piece] += 1
        state.lasts[piece] = at
        state.lows[piece] = min(state.lows[piece], at - place)
        state.highs[piece] = max(state.highs[piece], at - place + length)
    return touched


@borrowing_kernel
def _close(piece: int, size: int, searched: Searched, state: State, terms: Terms, work: Rows) -> None:
    """Align a piece with the stretch where grams of it stand together, if they are enough."""
    hits = state.hits[piece]
    state.hits[piece] = 0
    if hits < searched.needed[piece]:
        return
    first, last = searched.starts[piece], searched.starts[piece + 1]
    slack = (last - first) // 4 + 8
    start, end = max(0, state.lows[piece] - slack), min(size, state.highs[piece] + slack)
    mask = align(terms.hashes, start, end, searched.terms[first:last], work)
    bits = _bits(mask, piece, searched)
    if not mask or bits < PART_HELD * searched.totals[piece]:
        return
    begin, final = trailing_zeros(mask), last - first - 1
    while not mask >> np.uint64(final) & ONE:
        final -= 1
    begins, ends = terms.starts[work.places[begin]], terms.ends[work.places[final]]
    if state.best[piece] > 0 and start - state.places[piece] <= APART:
        together = mask | state.masks[piece]
        if _bits(together, piece, searched) >= bits + PART_HELD * searched.totals[piece]:
            mask, begins = together, min(begins, state.begins[piece])
            bits, ends = _bits(mask, piece, searched), max(ends, state.ends[piece])
    if bits > state.best[piece]:
        state.best[piece], state.masks[piece] = bits, mask
        state.begins[piece], state.ends[piece] = begins, ends
        state.places[piece] = start


@inlined_kernel
def _is_held(piece: int, searched: Searched, state: State) -> bool:
    return bool(state.best[piece] >= HELD * searched.totals[piece])


@borrowing_kernel
def _bits(mask: np.uint64, piece: int, searched: Searched) -> float:
    """The weight of a piece's terms in a mask."""
    bits, first = 0.0, searched.starts[piece]
    for at in range(searched.starts[piece + 1] - first):
        if mask >> np.uint64(at) & ONE:
            bits += searched.weights[first + at]
    return bits
