"""Contamination: which documents share 13-grams with which items of test sets, and how many.

Gopher removed training documents whose 13-gram Jaccard with a test document exceeds 0.8 (arXiv 2112.11446,
appendix A.1.1). Here everything is measured; who goes is for `pipeline.stages.decontaminate.stage` to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.utf8 import views
from massivetext.filters.similarity.shingle import PAPER, Shingle
from massivetext.filters.similarity.shingles import Scratch, document_shingles, new_scratch, shingles

NONE = -1
MATCHES = 4096  # per call of the kernel, at least
# Columns of the kernel's matches; the last two are those of the document's current run in the item.
DOCUMENT, ITEM, SHARED, LONGEST, RUN, END = range(6)

MATCH = pa.schema(
    [
        pa.field("document", pa.int64(), nullable=False),  # row of the batch
        pa.field("item", pa.int64(), nullable=False),  # position in the index
        pa.field("shared", pa.int64(), nullable=False),  # distinct shingles of both
        pa.field("jaccard", pa.float64(), nullable=False),
        pa.field("containment", pa.float64(), nullable=False),  # shared / the item's distinct shingles
        pa.field("longest_run", pa.int64(), nullable=False),  # words, see `match`
    ]
)


class Table(NamedTuple):
    """Distinct shingles, and for each the items that hold it."""

    shingles: np.ndarray  # uint64[shingles], ascending
    offsets: np.ndarray  # int64[shingles + 1]: where the items of each start
    items: np.ndarray  # int32[offsets[-1]], ascending for each shingle
    slots: np.ndarray  # int32[2^k], open addressing by the low bits: a position in `shingles`, or NONE


@dataclass(frozen=True, eq=False)
class TestSetIndex:
    """The items of all test sets by their shingles. Plain data and arrays: it pickles, to be a side input."""

    test_sets: list[str]  # of each item
    items: list[str]  # the name of each
    sizes: np.ndarray  # int64[items]: distinct shingles of each; 0 without words, and it matches nothing
    shingle: Shingle
    table: Table

    __test__ = False  # or pytest takes it for a test

    @classmethod
    def build(cls, items: Sequence[tuple[str, str, str]], shingle: Shingle = PAPER) -> "TestSetIndex":
        """Index (test set, item's name, text) triples. Memory is about 60 bytes a word of text."""
        test_sets, names, texts = ([item[column] for item in items] for column in range(3))
        found = shingles(pa.record_batch({"text": pa.array(texts, pa.string())}), shingle)
        sizes = np.diff(found.offsets)
        order = np.argsort(found.values, kind="stable")
        distinct, starts = np.unique(found.values[order], return_index=True)
        owners = np.repeat(np.arange(len(items), dtype=np.int32), sizes)[order]
        slots = np.full(1 << (4 * len(distinct)).bit_length(), NONE, np.int32)
        _fill(distinct, slots)
        return cls(
            test_sets, names, sizes, shingle, Table(distinct, np.append(starts, len(order)), owners, slots)
        )


def match(batch: pa.RecordBatch, index: TestSetIndex) -> pa.RecordBatch:
    """Every pair of a document and an item that have a shingle in common: MATCH, by document, then item.

    Linear in the text and in the shingles shared. `longest_run` is the number of words in the document's
    longest passage whose every n-gram occurs in the item, wherever there.
    """
    documents, items, shared, runs = _matches(batch, index)
    rows, places = np.unique(documents, return_inverse=True)
    sizes = np.diff(shingles(batch.select(["text"]).take(pa.array(rows)), index.shingle).offsets)[places]
    item_sizes = index.sizes[items]
    columns = (documents, items, shared, shared / (sizes + item_sizes - shared), shared / item_sizes, runs)
    return pa.record_batch([pa.array(column) for column in columns], schema=MATCH)


def _matches(batch: pa.RecordBatch, index: TestSetIndex) -> np.ndarray:
    """int64[4, matches], by document and item: document, item, shared shingles, longest run in words."""
    offsets, data = views(batch["text"])
    scratch = new_scratch(offsets, index.shingle)
    last_seen = np.full(len(index.table.shingles), -1, np.int64)
    row_of = np.full(len(index.sizes), NONE, np.int64)
    room = np.empty((len(row_of) + MATCHES, 6), np.int64)
    parts, document = [], 0
    while document < len(batch):
        document, count = _match(
            offsets, data, document, *index.shingle.numbers, scratch, index.table, last_seen, row_of, room
        )
        parts.append(room[:count, :RUN].copy())
    matches = np.concatenate(parts) if parts else room[:0, :RUN]
    return matches[np.lexsort((matches[:, ITEM], matches[:, DOCUMENT]))].T


@borrowing_kernel
def _fill(shingles: np.ndarray, slots: np.ndarray) -> None:
    for position in range(len(shingles)):
        slot = np.int64(shingles[position] & np.uint64(len(slots) - 1))
        while slots[slot] != NONE:
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = position


@borrowing_kernel
def _find(shingle: np.uint64, table: Table) -> int:
    """The position of a shingle in the table, or NONE."""
    slots: np.ndarray = table.slots
    slot = np.int64(shingle & np.uint64(len(slots) - 1))
    while slots[slot] != NONE and table.shingles[slots[slot]] != shingle:
        slot = (slot + 1) & (len(slots) - 1)
    return int(slots[slot])


@borrowing_kernel
def _match(
    offsets: np.ndarray,
    data: np.ndarray,
    document: int,
    n: int,
    of_characters: bool,
    scratch: Scratch,
    table: Table,
    last_seen: np.ndarray,
    row_of: np.ndarray,
    matches: np.ndarray,
) -> tuple[int, int]:
    """Match documents from a given one on, until the next one might not find room for its matches.

    Returns the document to go on with, and how many rows of `matches` are filled. `last_seen` holds the last
    document that each shingle of the table was seen in; `row_of`, of each item, NONE between documents.
    """
    count = 0
    while document < len(offsets) - 1 and count + len(row_of) <= len(matches):
        words, size = document_shingles(
            data, offsets[document], offsets[document + 1], n, of_characters, scratch
        )
        first = count
        for at in range(size):
            position = _find(scratch.hashes[at], table)
            if position == NONE:
                continue
            for item in table.items[table.offsets[position] : table.offsets[position + 1]]:
                if row_of[item] == NONE:
                    row_of[item] = count
                    matches[count] = 0
                    matches[count, DOCUMENT], matches[count, ITEM] = document, item
                    count += 1
                _count(matches[row_of[item]], at, last_seen[position] != document)
            last_seen[position] = document
        for row in range(first, count):
            matches[row, LONGEST] += min(n, words) - 1
            row_of[matches[row, ITEM]] = NONE
        document += 1
    return document, count


@borrowing_kernel
def _count(match: np.ndarray, at: int, is_first: bool) -> None:
    """Count a shingle of the document, the one at this place, for an item that holds it."""
    match[SHARED] += is_first
    match[RUN] = match[RUN] + 1 if match[END] == at else 1
    match[END] = at + 1
    match[LONGEST] = max(match[LONGEST], match[RUN])
