"""Gopher's quality measurements (arXiv 2112.11446, appendix A.1.1) of words and symbols."""

import numpy as np

from massivetext.filters.kernels.bits import below, byte, find, load_bytes, ones, trailing_zeros, whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.scratch import Scratch
from massivetext.filters.kernels.unicode import ASCII, LETTER
from massivetext.filters.kernels.utf8 import decode, encode, lower, properties

STOP_WORDS = ("the", "be", "to", "of", "and", "that", "have", "with")
_STOP_WORDS = np.array([int.from_bytes(word.encode(), "little") for word in STOP_WORDS], np.uint64)
_LONGEST_STOP_WORD = max(map(len, STOP_WORDS))

ELLIPSIS = int.from_bytes("…".encode(), "little")
DOTS = int.from_bytes(b"...", "little")

# These need no space after them; the others do, or -1 and --verbose would be bullets.
_SIGNS = np.array([int.from_bytes(sign.encode(), "little") for sign in "•‣◦●○■□▪▫"], np.uint64)
_DASHES = np.array([int.from_bytes(sign.encode(), "little") for sign in "*-–—"], np.uint64)


@borrowing_kernel
def count_words(
    data: np.ndarray, scratch: Scratch, distinct: int, own_stop_words: np.ndarray
) -> tuple[int, int, int]:
    """Of a document's numbered words: (code points, words with a letter, distinct stop words).

    own_stop_words: the hashes of those of the document's language; STOP_WORDS where there are none.
    """
    characters, alphabetic, stop_words = 0, 0, 0
    for number in range(distinct):
        start = whole(scratch.firsts[number])
        end = start + whole(scratch.sizes[number])
        length, count = whole(scratch.lengths[number]), whole(scratch.counts[number])
        characters += length * count
        if _has_letter(data, start, end):
            alphabetic += count
        if len(own_stop_words):
            stop_words += _is_one_of(scratch.keys[number], own_stop_words)
        elif 2 <= length <= _LONGEST_STOP_WORD and _is_stop_word(data, start, end):
            stop_words += 1
    return characters, alphabetic, stop_words


@inlined_kernel
def _has_letter(data: np.ndarray, at: int, end: int) -> bool:
    if data[at] < 0x80 and ASCII[data[at]] & LETTER:
        return True
    while at < end:
        point, width = decode(data, at, end)
        if properties(point) & LETTER:
            return True
        at += width
    return False


@inlined_kernel
def _is_one_of(key: np.uint64, keys: np.ndarray) -> bool:
    for other in keys:  # noqa: SIM110 (numba has no any())
        if key == other:
            return True
    return False


@borrowing_kernel
def _is_stop_word(data: np.ndarray, at: int, end: int) -> bool:
    """Whether a word of at most four code points, lower-cased, is a stop word."""
    text, size = np.uint64(0), 0
    while at < end:
        point, width = decode(data, at, end)
        at += width
        encoded, count = encode(lower(point))
        if count > 1:
            return False
        text |= encoded << np.uint64(8 * size)
        size += 1
    for stop_word in _STOP_WORDS:  # noqa: SIM110 (numba has no any())
        if text == stop_word:
            return True
    return False


@borrowing_kernel
def count_symbols(data: np.ndarray, start: int, end: int) -> tuple[int, int]:
    """Of the document data[start:end]: (`#` characters, `...` and `…` that do not overlap)."""
    hashes, ellipses = 0, 0
    free = start  # dots before this are part of a counted `...`
    before = np.uint64(0)  # whether the byte before the block is a dot
    for block in range(start, end, 64):
        inside = below(end - block)
        hashes += ones(find(data, block, byte(0x23), byte(0x23)) & inside)
        dots = find(data, block, byte(0x2E), byte(0x2E)) & inside
        second = dots & (dots << np.uint64(1) | before)
        before = dots >> np.uint64(63)
        while second:
            at = block + trailing_zeros(second)
            second &= second - np.uint64(1)
            if at - 2 >= free and data[at - 2] == 0x2E:
                ellipses += 1
                free = at + 1
        last = find(data, block, byte(0xA6), byte(0xA6)) & inside
        while last:
            at = block + trailing_zeros(last)
            last &= last - np.uint64(1)
            if at - 2 >= start and load_bytes(data, at - 2, 3)[0] == np.uint64(ELLIPSIS):
                ellipses += 1
    return hashes, ellipses


@borrowing_kernel
def starts_with_bullet(data: np.ndarray, start: int, end: int) -> bool:
    """Whether the stripped line data[start:end] starts with a bullet."""
    first = data[start]
    if first == 0x2A or first == 0x2D:
        return start + 1 == end or data[start + 1] == 0x20
    if first != 0xE2 or end - start < 3:
        return False
    sign, _ = load_bytes(data, start, 3)
    for bullet in _SIGNS:
        if sign == bullet:
            return True
    for dash in _DASHES:
        if sign == dash:
            return start + 3 == end or data[start + 3] == 0x20
    return False


@borrowing_kernel
def ends_with_ellipsis(data: np.ndarray, start: int, end: int) -> bool:
    """Whether the stripped line data[start:end] ends in `...` or `…`."""
    if end - start < 3:
        return False
    last, _ = load_bytes(data, end - 3, 3)
    return bool(last == np.uint64(DOTS) or last == np.uint64(ELLIPSIS))
