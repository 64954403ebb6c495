"""Words: the units of every text measurement and of shingles.

A word is a maximal run of text free of white space (Unicode's White_Space) that holds a letter or a digit
(general categories L, N); leading and trailing punctuation and symbols (P, S) are not part of it. A document in a
script that puts no spaces between words is divided further: filters/measure/divide.py says how.
"""

import numpy as np

from massivetext.filters.kernels.bits import below, byte, find, leading_zeros, trailing_zeros, whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.unicode import ASCII, LETTER, NUMBER, TRIMMED, UPPER, WHITE_SPACE
from massivetext.filters.kernels.utf8 import decode, properties
from massivetext.filters.kernels.widths import BLOCK
from massivetext.filters.measure.divide import divide_words
from massivetext.filters.measure.word_hash import hash_bytes, hash_points


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
        return start, stop, signs_to_stop, hash_points(data, start, stop), next_at
    return start, stop, signs_to_stop, hash_bytes(data, start, stop), next_at


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
    divided: bool,
    starts: np.ndarray,
    ends: np.ndarray,
    characters: np.ndarray,
    hashes: np.ndarray,
) -> int:
    """Find the words of the text data[start:end], UTF-8; returns how many there are.

    divided: whether the document that the text is of is one of `is_divided`. Word i is data[starts[i] : ends[i]],
    characters[i] code points long, and hashes[i], uint64, is its hash (filters.measure.word_hash). The arrays must
    have room for (end - start + 1) // 2 words.
    """
    if divided:
        return divide_words(data, start, end, starts, ends, characters, hashes)
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
                        hashes[count] = hash_bytes(data, word_start, word_end)
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
