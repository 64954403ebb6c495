"""Test items that stand within documents, whatever stands round them and although some of their words differ.

A document is searched for grams (four terms in a row) of the items' pieces that are no common speech. Where enough
grams of one piece stand together, the piece is aligned with that stretch of the document. A piece, and so a part of an
item, is held by the share of its weight in bits (filters.similarity.rarity) that stands there.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.similarity.held_pieces import Searched, find
from massivetext.filters.similarity.rarity import Counts, weigh
from massivetext.filters.similarity.test_items import Postings, Table, TestItems, table

ENOUGH_BITS = 60.0
"""What a part must weigh to be searched for, and what a document must hold of it: less is said by chance."""

RARE_BITS = 16.0
"""A part of fewer than 13 terms must hold a word as rare as one in 65,536, and so must what is found of it."""

FEW_TERMS = 13

NEARLY_WHOLE = 0.65
"""The share of its weight from which a part is held nearly whole: with one word in eight changed, .75 to .95."""

FEW_NUMBERS = 3
"""If only one in so many of a part's numbers is held, and others stand in their places, it is another exercise."""

SEEDS = 6
"""One of so many of a piece's grams must stand together before it is aligned."""


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
    found = find(batch, matcher.searched)
    document, piece = found.numbers[:, 0], found.numbers[:, 1]
    parts = matcher.items.pieces.parts[piece].astype(np.int64)
    order = np.lexsort((piece, parts, document))
    changes = np.diff(document[order], prepend=-1) | np.diff(parts[order], prepend=-1)
    firsts = np.flatnonzero(changes)
    bits = np.add.reduceat(found.bits[order], firsts) if len(firsts) else np.empty(0)
    begins, ends = found.numbers[order, 2], found.numbers[order, 3]
    of_parts = parts[order][firsts]
    runs, rarest, is_other, missing = _terms_of(matcher, piece[order], found.masks[order], firsts, of_parts)
    held = np.round(bits / matcher.weights[of_parts], 6)  # the sums' last bits depend on their order
    is_told = (bits >= ENOUGH_BITS) & ((matcher.sizes[of_parts] >= FEW_TERMS) | (rarest >= RARE_BITS))
    columns = [
        document[order][firsts],
        of_parts,
        np.minimum.reduceat(begins, firsts) if len(firsts) else begins,
        np.maximum.reduceat(ends, firsts) if len(firsts) else ends,
        held,
        np.round(bits, 3),
        is_told & ~is_other & (held >= NEARLY_WHOLE),
        runs,
    ]
    arrays = [*map(pa.array, columns), pa.array(missing, pa.list_(pa.int32()))]
    return pa.RecordBatch.from_arrays(arrays, schema=MATCH)


def _terms_of(
    matcher: Matcher, pieces: np.ndarray, masks: np.ndarray, firsts: np.ndarray, parts: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[np.ndarray]]:
    """Of each part matched: its longest run of terms held, the bits of the rarest, whether its numbers are others, and
    the places of the terms that are missing."""
    starts, owners = matcher.items.pieces.starts, matcher.items.pieces.parts
    runs, rarest, missing = np.zeros(len(parts), np.int64), np.zeros(len(parts)), []
    is_other = np.zeros(len(parts), bool)
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
        is_other[row] = _has_other_numbers(
            matcher.items.pieces.is_number[starts[begin] : starts[end]], is_held
        )
        missing.append(np.flatnonzero(~is_held).astype(np.int32))
        runs[row] = np.diff(np.flatnonzero(np.concatenate(([True], ~is_held, [True])))).max() - 1
    return runs, rarest, is_other, missing


def _has_other_numbers(is_number: np.ndarray, is_held: np.ndarray) -> bool:
    """Whether a document that holds these terms of a part tells it with other numbers, two or more: then it is another
    exercise. A number that is missing together with the words round it does not count."""
    beside = np.zeros(len(is_held), bool)
    beside[1:] |= is_held[:-1]
    beside[:-1] |= is_held[1:]
    held, replaced = int((is_number & is_held).sum()), int((is_number & ~is_held & beside).sum())
    return replaced >= 2 and FEW_NUMBERS * held < held + replaced
