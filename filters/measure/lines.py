"""Lines and paragraphs, and Gopher's measurements of them (arXiv 2112.11446, appendix A.1.1, Table A1).

Lines end at "\\n", "\\r\\n" or "\\r" and are stripped of white space; blank ones are not lines. Paragraphs
are runs of lines between blank ones, the lines joined by "\\n". Lines and paragraphs of equal hash are
compared, so no collision can make two of them duplicates.
"""

from typing import NamedTuple

import numpy as np

from massivetext.filters.kernels.avalanche import avalanche
from massivetext.filters.kernels.bits import (
    below,
    byte,
    find,
    fold,
    load_bytes,
    load_word,
    ones,
    trailing_zeros,
    whole,
)
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.scratch import Scratch
from massivetext.filters.kernels.table import add, first_size, home, next_epoch, probe
from massivetext.filters.kernels.unicode import ASCII, WHITE_SPACE
from massivetext.filters.kernels.utf8 import HIGH_BITS, white_space
from massivetext.filters.measure.quality import ends_with_ellipsis, starts_with_bullet

FACTOR = np.uint64(0x9FB21C651E98DF25)
LAST_FACTOR = np.uint64(0xD6E8FEB86659FD93)


class Lines(NamedTuple):
    """What a document's lines come to."""

    total: int
    distinct: int
    paragraphs: int
    bullets: int  # lines that start with a bullet
    ellipses: int  # lines that end in an ellipsis


@borrowing_kernel
def number_lines(
    data: np.ndarray, start: int, end: int, scratch: Scratch, slots: np.ndarray, epochs: np.ndarray
) -> Lines:
    """Number the lines of the document data[start:end]; returns what they come to.

    Fills the scratch's numbers, its arrays by a line's number, and places: each paragraph's first line.
    """
    count, distinct, paragraphs, bullets, ellipses = 0, 0, 0, 0, 0
    size = first_size((end - start) // 64)
    epoch = next_epoch(epochs)
    line_start = start
    blank = True  # whether the line before is blank
    returned = np.uint64(0)  # whether the byte before the block is "\r"
    for block in range(start, end + 1, 64):  # end + 1: the document's end is a line's
        returns = find(data, block, byte(0x0D), byte(0x0D))
        breaks = returns | find(data, block, byte(0x0A), byte(0x0A)) & ~(returns << np.uint64(1) | returned)
        returned = returns >> np.uint64(63)
        if end - block < 64:
            breaks = breaks & below(end - block) | np.uint64(1) << np.uint64(end - block)
        while breaks:
            line_end = block + trailing_zeros(breaks)
            breaks &= breaks - np.uint64(1)
            first, last = _strip(data, line_start, line_end)
            line_start = line_end + 1
            if first == last:
                blank = True
                continue
            if blank:
                scratch.places[paragraphs] = count
                paragraphs += 1
                blank = False
            bullets += starts_with_bullet(data, first, last)
            ellipses += ends_with_ellipsis(data, first, last)
            key, length = _hash_line(data, first, last)
            at, number = probe(slots, size, epoch, key, home(key, size))
            while number >= 0 and not _same_bytes(
                data, first, last, whole(scratch.firsts[number]), whole(scratch.sizes[number])
            ):
                at, number = probe(slots, size, epoch, key, (at + 1) & (size - 1))
            if number < 0:
                number = distinct
                size = add(slots, size, epochs, at, key, scratch.keys, number)
                epoch = epochs[0]
                scratch.firsts[number], scratch.sizes[number] = first, last - first
                scratch.lengths[number] = length
                scratch.counts[number] = 0
                distinct += 1
            scratch.counts[number] += 1
            scratch.numbers[count] = number
            count += 1
    return Lines(count, distinct, paragraphs, bullets, ellipses)


@borrowing_kernel
def number_paragraphs(
    scratch: Scratch, lines: int, paragraphs: int, slots: np.ndarray, epochs: np.ndarray
) -> int:
    """Number the paragraphs of a document's numbered lines; returns how many are distinct.

    Fills the scratch's arrays by a paragraph's number; `grams` holds each one's first line.
    """
    distinct = 0
    size = first_size(paragraphs)
    epoch = next_epoch(epochs)
    for paragraph in range(paragraphs):
        first = scratch.places[paragraph]
        end = scratch.places[paragraph + 1] if paragraph + 1 < paragraphs else lines
        key, length = np.uint64(end - first), end - first - 1  # a "\n" between lines
        for line in range(first, end):
            number = scratch.numbers[line]
            key = avalanche(key * FACTOR + np.uint64(number))
            length += scratch.lengths[number]
        at, number = probe(slots, size, epoch, key, home(key, size))
        while number >= 0 and not _same_lines(
            scratch, first, end, scratch.grams[number], scratch.gram_ends[number]
        ):
            at, number = probe(slots, size, epoch, key, (at + 1) & (size - 1))
        if number < 0:
            number = distinct
            size = add(slots, size, epochs, at, key, scratch.gram_keys, number)
            epoch = epochs[0]
            scratch.grams[number], scratch.gram_ends[number] = first, end
            scratch.gram_lengths[number] = length
            scratch.gram_counts[number] = 0
            distinct += 1
        scratch.gram_counts[number] += 1
    return distinct


@borrowing_kernel
def duplicate_fractions(
    counts: np.ndarray, lengths: np.ndarray, distinct: int, count_first: bool
) -> tuple[float, float]:
    """(copies / all, code points of copies / all code points) of lines or paragraphs, given how often each
    distinct one occurs and its length; the first of several equal ones is a copy if count_first."""
    total, copies, characters, copied = 0, 0, 0, 0
    for number in range(distinct):
        count, length = whole(counts[number]), whole(lengths[number])
        total += count
        characters += count * length
        if count > 1:
            extra = count if count_first else count - 1
            copies += extra
            copied += extra * length
    if total == 0:
        return 0.0, 0.0
    return copies / total, copied / characters


@inlined_kernel
def _strip(data: np.ndarray, start: int, end: int) -> tuple[int, int]:
    while start < end:
        width = white_space(data, start, end)
        if width == 0:
            break
        start += width
    while start < end:
        width = _white_space_before(data, start, end)
        if width == 0:
            break
        end -= width
    return start, end


@inlined_kernel
def _white_space_before(data: np.ndarray, start: int, end: int) -> int:
    """The width in bytes of the white space that ends at a position; 0 where there is none."""
    last = data[end - 1]
    if last < 0x80:
        return whole(ASCII[last] & WHITE_SPACE != 0)
    for width in (2, 3):
        if end - width >= start and white_space(data, end - width, end) == width:
            return width
    return 0


@borrowing_kernel
def _hash_line(data: np.ndarray, start: int, end: int) -> tuple[np.uint64, int]:
    """A hash of data[start:end], not empty, and how many code points that is."""
    state = np.uint64(end - start)
    length = end - start
    while end - start > 16:
        low, high = load_word(data, start), load_word(data, start + 8)
        length -= _continuations(low) + _continuations(high)
        state = fold(low ^ FACTOR, high ^ state)
        start += 16
    low, high = load_bytes(data, start, end - start)
    length -= _continuations(low) + _continuations(high)
    return fold(fold(low ^ FACTOR, high ^ state), LAST_FACTOR), length


@inlined_kernel
def _continuations(word: np.uint64) -> int:
    """How many of a word's eight bytes continue a code point: 0b10xxxxxx."""
    count: int = ones(word & ~(word << np.uint64(1)) & HIGH_BITS)
    return count


@borrowing_kernel
def _same_bytes(data: np.ndarray, start: int, end: int, first: int, size: int) -> bool:
    if end - start != size:
        return False
    for at in range(0, size, 16):
        step = min(size - at, 16)
        if load_bytes(data, start + at, step) != load_bytes(data, first + at, step):
            return False
    return True


@borrowing_kernel
def _same_lines(scratch: Scratch, first: int, end: int, other: int, other_end: int) -> bool:
    if end - first != other_end - other:
        return False
    for line in range(end - first):  # noqa: SIM110 (numba has no all())
        if scratch.numbers[first + line] != scratch.numbers[other + line]:
            return False
    return True
