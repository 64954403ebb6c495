"""A document's distinct words, numbered.

Words get the same number if and only if their lower-cased texts are equal: where hashes agree, the texts are
compared. So no collision can change what is counted by number.
"""

import numpy as np

from massivetext.filters.kernels.bits import load_bytes, whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.scratch import Scratch
from massivetext.filters.kernels.table import add, first_size, home, next_epoch, probe
from massivetext.filters.kernels.unicode import ASCII, WHITE_SPACE
from massivetext.filters.kernels.utf8 import decode, lower, lower_ascii
from massivetext.filters.measure.divide import is_divided
from massivetext.filters.measure.words import split_words

PART = 1 << 16
"""Bytes of a long document that are split into words at a time."""


@borrowing_kernel
def number_words(
    data: np.ndarray, start: int, end: int, scratch: Scratch, slots: np.ndarray, epochs: np.ndarray
) -> tuple[int, int]:
    """Number the words of the document data[start:end]; returns (words, distinct words).

    Fills the scratch's numbers, and its arrays by a word's number.
    """
    words, distinct = 0, 0
    size = first_size((end - start) // 8)
    epoch = next_epoch(epochs)
    divided = is_divided(data, start, end)
    while start < end:
        stop = _part_end(data, start, end)
        found = split_words(
            data, start, stop, divided, scratch.starts, scratch.ends, scratch.characters, scratch.hashes
        )
        for word in range(found):
            key = scratch.hashes[word]
            first, last = whole(scratch.starts[word]), whole(scratch.ends[word])
            at, number = probe(slots, size, epoch, key, home(key, size))
            while number >= 0 and not _same_word(
                data, first, last, whole(scratch.firsts[number]), whole(scratch.sizes[number])
            ):
                at, number = probe(slots, size, epoch, key, (at + 1) & (size - 1))
            if number < 0:
                number = distinct
                size = add(slots, size, epochs, at, key, scratch.keys, number)
                epoch = epochs[0]
                scratch.firsts[number], scratch.sizes[number] = first, last - first
                scratch.lengths[number] = scratch.characters[word]
                scratch.counts[number] = 0
                distinct += 1
            scratch.counts[number] += 1
            scratch.numbers[words] = number
            words += 1
        start = stop
    return words, distinct


@borrowing_kernel
def _part_end(data: np.ndarray, start: int, end: int) -> int:
    """The end of the next part to split: the document's, or an ASCII white space, which is in no word."""
    if end - start <= PART:
        return end
    at = start + PART
    while at < end and (data[at] >= 0x80 or not ASCII[data[at]] & WHITE_SPACE):
        at += 1
    return at


@inlined_kernel
def _same_word(data: np.ndarray, start: int, end: int, first: int, size: int) -> bool:
    """Whether the words data[start:end] and data[first : first + size] are equal, lower-cased."""
    if end - start == size and size <= 16:
        low, high = load_bytes(data, start, size)
        first_low, first_high = load_bytes(data, first, size)
        if low == first_low and high == first_high:  # most are: lower-casing both takes twice as long
            return True
        if lower_ascii(low) == lower_ascii(first_low) and lower_ascii(high) == lower_ascii(first_high):
            return True
    return _same_points(data, start, end, first, first + size)


@borrowing_kernel
def _same_points(data: np.ndarray, one: int, one_end: int, other: int, other_end: int) -> bool:
    while one < one_end and other < other_end:
        left, width = decode(data, one, one_end)
        one += width
        right, width = decode(data, other, other_end)
        other += width
        if lower(left) != lower(right):
            return False
    return one == one_end and other == other_end
