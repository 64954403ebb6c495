"""Words: the units of every text measurement and of shingles.

A word is a maximal run of text free of white space (Unicode's White_Space) that holds a letter or a digit
(general categories L, N); leading and trailing punctuation and symbols (P, S) are not part of it.
"""

import numpy as np

from massivetext.filters.kernels.bits import (
    BLOCK,
    below,
    byte,
    find,
    fold,
    leading_zeros,
    load_bytes,
    load_word,
    trailing_zeros,
    whole,
)
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.unicode import ASCII, LETTER, NUMBER, TRIMMED, UPPER, WHITE_SPACE
from massivetext.filters.kernels.utf8 import decode, encode, lower, lower_ascii, properties

# The hash of a word is part of what a run's output depends on: these never change. Random; the lowest byte of
# the first two occurs in no UTF-8, so that no text makes a factor of a product zero.
LOW_SEED = np.uint64(0x8F1C2E9D5B7A36FB)
HIGH_SEED = np.uint64(0xD6E8FEB86659FDFD)
LENGTH_FACTOR = np.uint64(0xA0761D6478BD642F)


@inlined_kernel
def _mix(state: np.uint64, low: np.uint64, high: np.uint64) -> np.uint64:
    mixed: np.uint64 = fold(low ^ LOW_SEED, high ^ HIGH_SEED ^ state)
    return mixed


@inlined_kernel
def _finish(state: np.uint64, size: int) -> np.uint64:
    finished: np.uint64 = fold(state ^ np.uint64(size), LENGTH_FACTOR)
    return finished


@inlined_kernel
def _hash_bytes(data: np.ndarray, start: int, end: int) -> np.uint64:
    """The hash of a word in which only ASCII has upper case."""
    state, at = np.uint64(0), start
    while end - at > 16:
        state = _mix(state, lower_ascii(load_word(data, at)), lower_ascii(load_word(data, at + 8)))
        at += 16
    low, high = load_bytes(data, at, end - at)
    return _finish(_mix(state, lower_ascii(low), lower_ascii(high)), end - start)


@borrowing_kernel
def _hash_points(data: np.ndarray, start: int, end: int) -> np.uint64:
    """The same hash of any word: of its lower-cased text in UTF-8, sixteen bytes at a time."""
    state, low, high = np.uint64(0), np.uint64(0), np.uint64(0)
    size, filled = 0, 0
    while start < end:
        point, width = decode(data, start, end)
        start += width
        encoded, count = encode(lower(point))
        size += count
        for _ in range(count):
            if filled == 16:
                state = _mix(state, low, high)
                low, high, filled = np.uint64(0), np.uint64(0), 0
            byte = (encoded & np.uint64(0xFF)) << np.uint64(8 * (filled & 7))
            if filled < 8:
                low |= byte
            else:
                high |= byte
            encoded >>= np.uint64(8)
            filled += 1
    return _finish(_mix(state, low, high), size)


@borrowing_kernel
def _next_word(data: np.ndarray, at: int, end: int) -> tuple[int, int, int, np.uint64, int]:
    """The first word of a run free of ASCII white space: (start, end, code points, hash, where to go on).

    With no word left, the start is -1.
    """
    start, stop, signs, signs_to_stop, seen, next_at = -1, at, 0, 0, 0, end
    while at < end:
        first = data[at]
        if first < 0x80:
            found, width = whole(ASCII[first]), 1
        else:
            point, width = decode(data, at, end)
            found = properties(point)
        if found & WHITE_SPACE:
            if seen & (LETTER | NUMBER):
                next_at = at + width
                break
            start, signs, seen = -1, 0, 0
        elif start >= 0 or not found & TRIMMED:
            if start < 0:
                start = at
            signs += 1
            if not found & TRIMMED:
                stop, signs_to_stop = at + width, signs
            seen |= found
        at += width
    if not seen & (LETTER | NUMBER):
        return -1, end, 0, np.uint64(0), end
    if seen & UPPER:
        return start, stop, signs_to_stop, _hash_points(data, start, stop), next_at
    return start, stop, signs_to_stop, _hash_bytes(data, start, stop), next_at


@inlined_kernel
def _find_white(data: np.ndarray, block: int, end: int) -> np.uint64:
    """The mask of a block's ASCII white space; what lies beyond the end counts as such."""
    return (
        find(data, block, byte(0x09), byte(0x0D))
        | find(data, block, byte(0x20), byte(0x20))
        | ~below(end - block)
    )


@borrowing_kernel
def _run_end(data: np.ndarray, at: int, end: int) -> int:
    """Where a run of bytes other than ASCII white space ends."""
    while at < end:
        white = _find_white(data, at, end)
        if white:
            at += trailing_zeros(white)
            return at
        at += BLOCK
    return end


@borrowing_kernel
def split_words(
    data: np.ndarray,
    start: int,
    end: int,
    starts: np.ndarray,
    ends: np.ndarray,
    characters: np.ndarray,
    hashes: np.ndarray,
) -> int:
    """Find the words of the document data[start:end], UTF-8; returns how many there are.

    Word i is data[starts[i] : ends[i]], characters[i] code points long, and hashes[i], uint64, is a hash of
    its lower-cased text (the simple mapping): every bit depends on every byte, two given words that differ
    share it with a probability near 2⁻⁶⁴, and it never changes from one version to the next. The arrays
    must have room for (end - start + 1) // 2 words.
    """
    count = 0
    block = start
    while block < end:
        white = _find_white(data, block, end)
        plain = (
            find(data, block, byte(0x30), byte(0x39))
            | find(data, block, byte(0x41), byte(0x5A))
            | find(data, block, byte(0x61), byte(0x7A))
        )
        # Beyond ASCII, or ASCII's control characters, which are neither trimmed nor part of a plain word.
        strange = (
            find(data, block, byte(0x7F), byte(0xFF)) | find(data, block, byte(0x00), byte(0x1F)) & ~white
        )
        edges = white ^ (white << np.uint64(1) | np.uint64(1))  # where runs start and end, by turns
        next_block = block + BLOCK
        while edges:
            bit = trailing_zeros(edges)
            edges &= edges - np.uint64(1)
            run_start = block + bit
            inside = ~below(bit)
            if edges:
                inside &= below(trailing_zeros(edges))
                edges &= edges - np.uint64(1)
                if not strange & inside:
                    inside &= plain
                    if inside:
                        word_start = block + trailing_zeros(inside)
                        word_end = block + BLOCK - leading_zeros(inside)
                        starts[count], ends[count] = word_start, word_end
                        characters[count] = word_end - word_start
                        hashes[count] = _hash_bytes(data, word_start, word_end)
                        count += 1
                    continue
                run_end = block + BLOCK - leading_zeros(inside)
            elif bit > 0:
                next_block = run_start  # the run starts the next block, so it most often ends there
                break
            else:
                next_block = run_end = _run_end(data, next_block, end)
            while run_start < run_end:
                word_start, word_end, signs, key, run_start = _next_word(data, run_start, run_end)
                if word_start >= 0:
                    starts[count], ends[count] = word_start, word_end
                    characters[count] = signs
                    hashes[count] = key
                    count += 1
        block = next_block
    return count
