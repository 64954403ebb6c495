"""Test items that stand within documents, whatever stands round them and although some of their words differ.

A document is searched for grams (four terms in a row) of the items' pieces that are no common speech. Where enough
grams of one piece stand together, the piece is aligned with that stretch of the document. A piece, and so a part of an
item, is held by the share of its weight in bits (filters.similarity.rarity) that stands there.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.utf8 import views
from massivetext.filters.similarity.align import ONE, Rows, align, new_rows
from massivetext.filters.similarity.rarity import Counts, weigh
from massivetext.filters.similarity.terms import Terms, join_terms, new_terms, split_terms
from massivetext.filters.similarity.test_items import (
    NONE,
    PIECE,
    Postings,
    Table,
    TestItems,
    number_of,
    table,
)

ENOUGH_BITS = 60.0
"""What a part must weigh to be searched for, and what a document must hold of it: less is said by chance."""

RARE_BITS = 16.0
"""A part of fewer than 13 terms must hold a word as rare as one in 65,536, and so must what is found of it."""

FEW_TERMS = 13

NEARLY_WHOLE = 0.65
"""The share of its weight from which a part is held nearly whole: with one word in eight changed, .75 to .95."""

HELD = 0.5
"""The share of a piece that makes it a match."""

SEEDS = 6
"""One of so many of a piece's grams must stand together before it is aligned."""

MATCHES = 4096  # rows of room, at first

MATCH = pa.schema(
    [
        pa.field("document", pa.int64(), nullable=False),  # row of the batch
        pa.field("part", pa.int64(), nullable=False),  # of the items
        pa.field("start", pa.int64(), nullable=False),  # bytes of the text, from the first term held
        pa.field("end", pa.int64(), nullable=False),  # to the last
        pa.field("held", pa.float64(), nullable=False),  # share of the part's weight
        pa.field("bits", pa.float64(), nullable=False),  # the weight held
        pa.field("nearly_whole", pa.bool_(), nullable=False),  # and enough for it not to be said by chance
        pa.field("longest_run", pa.int64(), nullable=False),  # terms in a row that are held
        pa.field("missing", pa.list_(pa.int32()), nullable=False),  # terms of the part, by number
    ]
)


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
    best: np.ndarray  # float64: bits held of it by the stretch that holds most
    masks: np.ndarray  # uint64: of that stretch, as the next two
    begins: np.ndarray  # int64: bytes
    ends: np.ndarray  # int64
    touched: np.ndarray  # int32: pieces with a gram in the document, in the order of their first


@dataclass(frozen=True, eq=False)
class Matcher:
    """Test items with the rarity of their words: what documents are matched against. It pickles."""

    items: TestItems
    searched: Searched
    weights: npt.NDArray[np.float64]  # bits of each part
    sizes: npt.NDArray[np.float64]  # terms of each part
    is_searched: npt.NDArray[np.bool_]  # of each part: whether it can be told from common speech

    @classmethod
    def build(cls, items: TestItems, counts: Counts) -> "Matcher":
        """Weigh items by how often their words and grams occur in a corpus."""
        bits, is_common = weigh(items, counts)
        pieces = items.pieces
        totals = (
            np.add.reduceat(np.append(bits, 0.0), pieces.starts[:-1]) if len(pieces.parts) else np.empty(0)
        )
        of_part = np.bincount(pieces.parts, totals, len(items.parts)).astype(np.float64)
        sizes = np.bincount(pieces.parts, np.diff(pieces.starts), len(items.parts)).astype(np.float64)
        rarest = np.zeros(len(items.parts))
        np.maximum.at(rarest, np.repeat(pieces.parts, np.diff(pieces.starts)), bits)
        is_searched = (of_part >= ENOUGH_BITS) & ((sizes >= FEW_TERMS) | (rarest >= RARE_BITS))
        kept = _is_kept(items, is_common, is_searched)
        grams, postings = _kept(items, kept)
        seeds = np.bincount(postings.pieces, minlength=len(pieces.parts))
        needed = np.maximum(1, seeds // SEEDS)
        searched = Searched(pieces.starts, pieces.terms, bits, totals, needed, grams, postings)
        has_seeds = np.bincount(pieces.parts, seeds, len(items.parts)) > 0
        return cls(items, searched, of_part, sizes, is_searched & has_seeds)


def _is_kept(items: TestItems, is_common: np.ndarray, is_searched: np.ndarray) -> np.ndarray:
    """Which postings lead to a piece that is searched for."""
    rare = np.repeat(~is_common, np.diff(items.postings.starts))
    kept: np.ndarray = rare & is_searched[items.pieces.parts[items.postings.pieces]]
    return kept


def _kept(items: TestItems, kept: np.ndarray) -> tuple[Table, Postings]:
    """The grams that lead anywhere, and their postings."""
    owners = np.repeat(np.arange(len(items.grams.keys)), np.diff(items.postings.starts))[kept]
    numbers, firsts = np.unique(owners, return_index=True)
    starts = np.append(firsts, len(owners)).astype(np.int64)
    postings = Postings(starts, items.postings.pieces[kept], items.postings.places[kept])
    return table(items.grams.keys[numbers]), postings


def match(batch: pa.RecordBatch, matcher: Matcher) -> pa.RecordBatch:
    """Every part of an item of which a document holds half a piece or more: MATCH, by document, then part."""
    found = _matches(batch, matcher)
    document, piece = found.numbers[:, 0], found.numbers[:, 1]
    parts = matcher.items.pieces.parts[piece].astype(np.int64)
    order = np.lexsort((piece, parts, document))
    changes = np.diff(document[order], prepend=-1) | np.diff(parts[order], prepend=-1)
    firsts = np.flatnonzero(changes)
    bits = np.add.reduceat(found.bits[order], firsts) if len(firsts) else np.empty(0)
    begins, ends = found.numbers[order, 2], found.numbers[order, 3]
    of_parts = parts[order][firsts]
    runs, rarest, missing = _terms_of(matcher, piece[order], found.masks[order], firsts, of_parts)
    held = np.round(bits / matcher.weights[of_parts], 6)  # the sums' last bits depend on their order
    is_told = (bits >= ENOUGH_BITS) & ((matcher.sizes[of_parts] >= FEW_TERMS) | (rarest >= RARE_BITS))
    columns = [
        document[order][firsts],
        of_parts,
        np.minimum.reduceat(begins, firsts) if len(firsts) else begins,
        np.maximum.reduceat(ends, firsts) if len(firsts) else ends,
        held,
        np.round(bits, 3),
        is_told & (held >= NEARLY_WHOLE),
        runs,
    ]
    arrays = [*map(pa.array, columns), pa.array(missing, pa.list_(pa.int32()))]
    return pa.RecordBatch.from_arrays(arrays, schema=MATCH)


def _terms_of(
    matcher: Matcher, pieces: np.ndarray, masks: np.ndarray, firsts: np.ndarray, parts: np.ndarray
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Of each part matched: its longest run of terms held, the bits of the rarest, and the numbers of those missing."""
    starts, owners = matcher.items.pieces.starts, matcher.items.pieces.parts
    runs, rarest, missing = np.zeros(len(parts), np.int64), np.zeros(len(parts)), []
    for row, (first, last) in enumerate(pairwise([*firsts, len(pieces)])):
        begin = int(np.searchsorted(owners, parts[row]))
        end = int(np.searchsorted(owners, parts[row], "right"))
        is_held = np.zeros(starts[end] - starts[begin], bool)
        for piece, mask in zip(pieces[first:last], masks[first:last], strict=True):
            at, size = starts[piece] - starts[begin], starts[piece + 1] - starts[piece]
            is_held[at : at + size] = np.unpackbits(
                np.array([mask], "<u8").view(np.uint8), bitorder="little"
            )[:size]
        rarest[row] = matcher.searched.weights[starts[begin] : starts[end]][is_held].max()
        missing.append(np.flatnonzero(~is_held).astype(np.int32))
        runs[row] = np.diff(np.flatnonzero(np.concatenate(([True], ~is_held, [True])))).max() - 1
    return runs, rarest, missing


class _Found(NamedTuple):
    numbers: np.ndarray  # int64[rows, 4]: document, piece, first and last byte
    masks: np.ndarray  # uint64: terms of the piece that are held
    bits: np.ndarray  # float64


def _matches(batch: pa.RecordBatch, matcher: Matcher) -> _Found:
    """The pieces that the documents hold."""
    offsets, data = views(batch["text"])
    count = len(matcher.items.pieces.parts)
    kinds = (np.int64,) * 6 + (np.float64, np.uint64, np.int64, np.int64, np.int32)
    state = State(*(np.full(count, 0, kind) for kind in kinds))
    state.documents[:] = NONE
    terms, work, room = new_terms(offsets), new_rows(12 * PIECE), _room(MATCHES)
    parts, document = [], 0
    while document < len(batch):
        document, rows = _match(offsets, data, document, matcher.searched, state, terms, work, room)
        parts.append(_Found(*(column[:rows].copy() for column in room)))
        if not rows:
            room = _room(2 * len(room.bits))
    return _Found(
        *(np.concatenate(columns) for columns in zip(_Found(*(c[:0] for c in room)), *parts, strict=True))
    )


def _room(rows: int) -> _Found:
    return _Found(np.empty((rows, 4), np.int64), np.empty(rows, np.uint64), np.empty(rows, np.float64))


@borrowing_kernel
def _match(
    offsets: np.ndarray,
    data: np.ndarray,
    document: int,
    searched: Searched,
    state: State,
    terms: Terms,
    work: Rows,
    room: _Found,
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
            needed += state.best[state.touched[nth]] > 0
        if rows + needed > len(room.bits):
            for nth in range(touched):
                state.documents[state.touched[nth]] = NONE
            return document, rows
        for nth in range(touched):
            piece = state.touched[nth]
            if state.best[piece] > 0:
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
    bits, begin, final = 0.0, -1, -1
    for at in range(last - first):
        if mask >> np.uint64(at) & ONE:
            bits += searched.weights[first + at]
            begin = at if begin < 0 else begin
            final = at
    if bits > state.best[piece] and bits >= HELD * searched.totals[piece]:
        state.best[piece], state.masks[piece] = bits, mask
        state.begins[piece] = terms.starts[work.places[begin]]
        state.ends[piece] = terms.ends[work.places[final]]
