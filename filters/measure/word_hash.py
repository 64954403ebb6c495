"""The hash of a word: of its lower-cased text, by Unicode's simple mapping.

Every bit depends on every byte, two given words that differ share it with a probability near 2⁻⁶⁴, and it never
changes from one version to the next: which documents are near duplicates depends on it.
"""

import numpy as np

from massivetext.filters.kernels.bits import fold, load_bytes, load_word
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.utf8 import decode, encode, lower, lower_ascii

# These never change. They are random, but the lowest byte of the first two occurs in no UTF-8, so that no text
# makes a factor of a product zero.
LOW_SEED = np.uint64(0x8F1C2E9D5B7A36FB)
HIGH_SEED = np.uint64(0xD6E8FEB86659FDFD)
LENGTH_FACTOR = np.uint64(0xA0761D6478BD642F)

NOTHING = (np.uint64(0), np.uint64(0), np.uint64(0), 0)
"""What `add_point` starts with."""


@inlined_kernel
def _mix(state: np.uint64, low: np.uint64, high: np.uint64) -> np.uint64:
    mixed: np.uint64 = fold(low ^ LOW_SEED, high ^ HIGH_SEED ^ state)
    return mixed


@inlined_kernel
def _finish(state: np.uint64, size: int) -> np.uint64:
    finished: np.uint64 = fold(state ^ np.uint64(size), LENGTH_FACTOR)
    return finished


@inlined_kernel
def hash_bytes(data: np.ndarray, start: int, end: int) -> np.uint64:
    """The hash of a word in which only ASCII has upper case."""
    state, at = np.uint64(0), start
    while end - at > 16:
        state = _mix(state, lower_ascii(load_word(data, at)), lower_ascii(load_word(data, at + 8)))
        at += 16
    low, high = load_bytes(data, at, end - at)
    return _finish(_mix(state, lower_ascii(low), lower_ascii(high)), end - start)


@borrowing_kernel
def hash_points(data: np.ndarray, start: int, end: int) -> np.uint64:
    """The same hash of any word: of its lower-cased text in UTF-8, sixteen bytes at a time."""
    state, low, high, size = NOTHING
    while start < end:
        point, width = decode(data, start, end)
        start += width
        state, low, high, size = add_point(state, low, high, size, point)
    return finish(state, low, high, size)


@inlined_kernel
def add_point(
    state: np.uint64, low: np.uint64, high: np.uint64, size: int, point: int
) -> tuple[np.uint64, np.uint64, np.uint64, int]:
    """Add a code point, lower-cased, to the hash of so many bytes; the last sixteen or fewer are in low and high."""
    encoded, count = encode(lower(point))
    for _ in range(count):
        filled = size & 15
        if filled == 0 and size:
            state = _mix(state, low, high)
            low, high = np.uint64(0), np.uint64(0)
        byte = (encoded & np.uint64(0xFF)) << np.uint64(8 * (filled & 7))
        if filled < 8:
            low |= byte
        else:
            high |= byte
        encoded >>= np.uint64(8)
        size += 1
    return state, low, high, size


@inlined_kernel
def finish(state: np.uint64, low: np.uint64, high: np.uint64, size: int) -> np.uint64:
    """The hash of what was added."""
    return _finish(_mix(state, low, high), size)
