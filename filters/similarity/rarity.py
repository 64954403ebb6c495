"""Rarity: how often the words and grams of test items occur in the corpus itself.

What is common speech and what is a leak is told by these counts, and by no list. A word weighs the bits that its
occurrence says: log2 of one in how many words it is. A gram that many documents hold is common speech: no document
is compared with an item for such a gram alone, and words that stand only in such grams weigh a quarter.

A document that holds half of the grams of a piece of 12 terms or more does not count for these grams: a leak
does not become common speech by standing in many documents.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.utf8 import views
from massivetext.filters.similarity.terms import GRAM, Terms, join_terms, new_terms, split_terms
from massivetext.filters.similarity.test_items import NONE, Pieces, Postings, Table, TestItems, number_of

COMMON = 20_000
"""A gram is common speech if more than one document of so many holds it, and at least FEW do."""

FEW = 4

COMMON_WEIGHT = 0.25
"""The weight of a word within common speech, to its own."""

LEAKED = 9
"""The grams of a piece of 12 terms."""

UNCOUNTED = -2


@dataclass(frozen=True, eq=False)
class Counts:
    """Occurrences of the words of items, and the documents that hold their grams. They add up."""

    documents: int
    terms: int
    words: np.ndarray  # int64, by number
    grams: np.ndarray  # int64, by number: documents

    @classmethod
    def none(cls, items: TestItems) -> "Counts":
        return cls(0, 0, np.zeros(len(items.words.keys), np.int64), np.zeros(len(items.grams.keys), np.int64))

    @classmethod
    def total(cls, items: TestItems, counts: Iterable["Counts"]) -> "Counts":
        """The sum of the counts of any number of batches."""
        sum_ = cls.none(items)
        for one in counts:
            sum_ = cls(
                sum_.documents + one.documents,
                sum_.terms + one.terms,
                sum_.words + one.words,
                sum_.grams + one.grams,
            )
        return sum_


def count(batch: pa.RecordBatch, items: TestItems) -> Counts:
    """Count the words and grams of items in the documents of a batch."""
    offsets, data = views(batch["text"])
    counts = Counts.none(items)
    terms = new_terms(offsets)
    seen_in = np.full(len(counts.grams), NONE, np.int64)
    hits = np.empty(len(terms.starts), np.int32)
    shared = np.zeros(len(items.pieces.parts), np.int32)
    total = _count(
        offsets,
        data,
        terms,
        items.words,
        items.grams,
        items.postings,
        items.pieces,
        counts.words,
        counts.grams,
        seen_in,
        hits,
        shared,
    )
    return Counts(len(batch), total, counts.words, counts.grams)


@borrowing_kernel
def _count(
    offsets: np.ndarray,
    data: np.ndarray,
    terms: Terms,
    words: Table,
    grams: Table,
    postings: Postings,
    pieces: Pieces,
    word_counts: np.ndarray,
    gram_counts: np.ndarray,
    seen_in: np.ndarray,
    hits: np.ndarray,
    shared: np.ndarray,
) -> int:
    """`seen_in` is the last document of each gram; `hits` has room for a document's; `shared` is 0 throughout."""
    total = 0
    for document in range(len(offsets) - 1):
        size = split_terms(data, offsets[document], offsets[document + 1], terms)
        total += size
        for at in range(size):
            number = number_of(terms.hashes[at], words)
            if number != NONE:
                word_counts[number] += 1
        found = 0
        for at in range(join_terms(terms, size)):
            number = number_of(terms.grams[at], grams)
            if number != NONE and seen_in[number] != document:
                seen_in[number] = document
                hits[found] = number
                found += 1
        _leave_out_leaks(hits, found, postings, pieces, seen_in, shared)
        for at in range(found):
            gram_counts[hits[at]] += seen_in[hits[at]] != UNCOUNTED
    return total


@borrowing_kernel
def _leave_out_leaks(
    hits: np.ndarray,
    found: int,
    postings: Postings,
    pieces: Pieces,
    seen_in: np.ndarray,
    shared: np.ndarray,
) -> None:
    """Mark the grams of the pieces of which the document holds half as UNCOUNTED."""
    for at in range(found):
        for place in range(postings.starts[hits[at]], postings.starts[hits[at] + 1]):
            shared[postings.pieces[place]] += 1
    for at in range(found):
        for place in range(postings.starts[hits[at]], postings.starts[hits[at] + 1]):
            piece = postings.pieces[place]
            grams = pieces.starts[piece + 1] - pieces.starts[piece] + 1 - GRAM
            if grams >= LEAKED and 2 * shared[piece] >= grams:
                seen_in[hits[at]] = UNCOUNTED
    for at in range(found):
        for place in range(postings.starts[hits[at]], postings.starts[hits[at] + 1]):
            shared[postings.pieces[place]] = 0


def weigh(items: TestItems, counts: Counts) -> tuple[np.ndarray, np.ndarray]:
    """The weight in bits of each of the pieces' terms, and which grams are common speech.

    The items' own words count too, so that a small corpus does not make every word equally rare.
    """
    own = np.bincount(items.numbers, minlength=len(counts.words))
    total = counts.terms + len(items.numbers)
    bits = np.log2((total + 1) / np.maximum(counts.words + own, 1))[items.numbers]
    is_common = (counts.grams >= FEW) & (counts.grams * COMMON > counts.documents)
    spoken = np.ones(len(items.numbers), bool)  # stands in common grams alone
    rare = np.repeat(~is_common, np.diff(items.postings.starts))
    first = items.pieces.starts[items.postings.pieces[rare]] + items.postings.places[rare]
    for shift in range(GRAM):
        spoken[first + shift] = False
    return np.where(spoken, COMMON_WEIGHT * bits, bits), is_common
