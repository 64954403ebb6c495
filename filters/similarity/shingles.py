"""Shingles: the sets of n-grams by which near duplicates and contamination are judged.

A shingle is the 64-bit hash of 13 consecutive lower-cased words; a document of fewer words is one shingle
of all of them, one without words has none (Gopher, arXiv 2112.11446, appendix A.1.1: 13-gram Jaccard). In a script
without spaces the words are the units of filters.measure.divide: 13 characters of Chinese, 13 syllables of Burmese.
A shingle may be of characters instead (filters.similarity.characters), and have another length.

Two given n-grams of 13 words that differ share a hash with probability at most 2⁻⁶¹, if words' hashes and
`avalanche` behave as random functions: four joins, each of which may lose a bit. So among the m shingles of
two documents together any two are confused with probability at most m² / 2⁶²: 10⁻¹² for m = 2,000, 10⁻⁶ for
two million. But for that, Jaccards are exact. (Two characters are joined without any loss.)
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.avalanche import avalanche
from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.utf8 import views
from massivetext.filters.measure.divide import is_divided
from massivetext.filters.measure.words import split_words
from massivetext.filters.similarity.characters import split_characters
from massivetext.filters.similarity.shingle import PAPER, Shingle

# Odd, and 1 more than it is 2 modulo 4: of two equal sides `_join` loses one bit and no more.
FACTOR = np.uint64(0x9E3779B97F4A7C15)


class Shingles(NamedTuple):
    """Sets of shingles: that of document i is values[offsets[i] : offsets[i + 1]], ascending and distinct."""

    offsets: np.ndarray  # int64[n + 1], the first is 0
    values: np.ndarray  # uint64[offsets[n]]


def shingles(batch: pa.RecordBatch, shingle: Shingle = PAPER) -> Shingles:
    """The set of shingles of each document's `text`.

    Memory grows with the batch alone: about 10 bytes a byte of prose by words, 24 by characters or of one-letter words.
    """
    text_offsets, data = views(batch["text"])
    size = int(text_offsets[-1] - text_offsets[0])
    values = np.empty(most_units(size, len(batch), shingle), np.uint64)
    offsets = np.zeros(len(text_offsets), np.int64)
    _batch_shingles(text_offsets, data, *shingle.numbers, new_scratch(text_offsets, shingle), values, offsets)
    for start, end in pairwise(offsets.tolist()):
        values[start:end].sort()
    size = _drop_repeated(values, offsets)
    return Shingles(offsets, values[:size].copy())


def most_units(size: int, documents: int, shingle: Shingle) -> int:
    """The most words or characters that so many bytes of so many documents can hold. Each word but the last ends in
    a space."""
    return size if shingle.is_of_characters else (size + documents) // 2


class Scratch(NamedTuple):
    """What `document_shingles` works in: an entry a word, or a character in the last two."""

    starts: np.ndarray  # int32, as the next two
    ends: np.ndarray
    characters: np.ndarray
    hashes: np.ndarray  # uint64
    spare: np.ndarray  # uint64


def new_scratch(offsets: np.ndarray, shingle: Shingle) -> Scratch:
    """Enough for the longest of the documents with these text offsets. What is not used takes no memory."""
    size = most_units(int(np.diff(offsets).max(initial=0)), 1, shingle)
    kinds = (np.int32, np.int32, np.int32, np.uint64, np.uint64)
    return Scratch(*(np.empty(size, kind) for kind in kinds))


@borrowing_kernel
def document_shingles(
    data: np.ndarray, start: int, end: int, n: int, of_characters: bool, scratch: Scratch
) -> tuple[int, int]:
    """The numbers of words (or characters) and of shingles (repeats included) in the text data[start:end].

    The shingles, in the text's order, are left in `scratch.hashes`.
    """
    if of_characters:
        count = split_characters(data, start, end, scratch.hashes)
    else:
        divided = is_divided(data, start, end)
        count = split_words(
            data, start, end, divided, scratch.starts, scratch.ends, scratch.characters, scratch.hashes
        )
    return count, join_units(scratch.hashes, scratch.spare, count, n)


@borrowing_kernel
def join_units(hashes: np.ndarray, spare: np.ndarray, units: int, n: int) -> int:
    """Replace the hashes of a document's words, or its characters, by its shingles; returns how many. `spare` is
    overwritten.

    Spans are doubled (1, 2, 4, 8 units) until two of them, overlapping, cover n: log2(n) joins a position
    instead of n, and each pass over the positions runs in vector registers.
    """
    if units == 0:
        return 0
    n = min(n, units)
    source, target, span, flipped = hashes, spare, 1, True
    while 2 * span < n:
        _join(source, source[span:], np.uint64(0), target, units + 1 - 2 * span)
        source, target, span, flipped = target, source, 2 * span, not flipped
    # The length goes in, or ten times the same word would equal eleven times.
    count = units + 1 - n
    _join(source, source[n - span :], np.uint64(n), target, count)
    if flipped:
        _copy(spare, hashes, count)
    return count


@borrowing_kernel
def _copy(source: np.ndarray, target: np.ndarray, count: int) -> None:
    """Slice assignment, which would allocate."""
    for at in range(count):
        target[at] = source[at]


@borrowing_kernel
def _join(left: np.ndarray, right: np.ndarray, length: np.uint64, joined: np.ndarray, count: int) -> None:
    for at in range(count):
        joined[at] = avalanche(left[at] * FACTOR + right[at] + length)


@borrowing_kernel
def _batch_shingles(
    text_offsets: np.ndarray,
    data: np.ndarray,
    n: int,
    of_characters: bool,
    scratch: Scratch,
    values: np.ndarray,
    offsets: np.ndarray,
) -> None:
    for row in range(len(offsets) - 1):
        start, end = text_offsets[row], text_offsets[row + 1]
        _, count = document_shingles(data, start, end, n, of_characters, scratch)
        offsets[row + 1] = offsets[row] + count
        _copy(scratch.hashes, values[offsets[row] :], count)


@borrowing_kernel
def _drop_repeated(values: np.ndarray, offsets: np.ndarray) -> int:
    """Keep the first of equal neighbours within each row, in place; returns how many values are left."""
    size, start = 0, 0
    for row in range(len(offsets) - 1):
        end = offsets[row + 1]
        for at in range(start, end):
            if at == start or values[at] != values[at - 1]:
                values[size] = values[at]
                size += 1
        offsets[row + 1] = size
        start = end
    return size
