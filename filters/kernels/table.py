"""The hash table that numbers distinct words, n-grams, lines and paragraphs.

Slot i is slots[2i] (a key) and slots[2i + 1] (a stamp: the epoch in the upper half, a number in the lower). A slot
with the stamp of another epoch is free, so starting a new epoch empties the table without clearing it.
"""

import numpy as np

from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel

HALF = np.uint64(32)
LOW_HALF = np.uint64(0xFFFFFFFF)

SMALLEST = 64
LARGEST_FIRST = 4096
"""A table starts with at most this many slots, so that a long text of few words stays in the cache."""


class TableFullError(Exception):
    """There are not enough slots: start again with more."""


@inlined_kernel
def first_size(expected: int) -> int:
    """How many slots a table starts with: a power of two."""
    size = SMALLEST
    while size < expected and size < LARGEST_FIRST:
        size *= 2
    return size


@inlined_kernel
def next_epoch(epochs: np.ndarray) -> np.uint64:
    """Empty the table; returns the new epoch. epochs: uint64[1]."""
    epochs[0] += np.uint64(1)
    epoch: np.uint64 = epochs[0]
    return epoch


@inlined_kernel
def probe(slots: np.ndarray, size: int, epoch: np.uint64, key: np.uint64, at: int) -> tuple[int, int]:
    """The first slot from `at` on that holds the key, and the key's number; or the first free slot, and -1."""
    while True:
        stamp = slots[2 * at + 1]
        if stamp >> HALF != epoch:
            return at, -1
        if slots[2 * at] == key:
            return at, whole(stamp & LOW_HALF)
        at = (at + 1) & (size - 1)


@inlined_kernel
def fill(slots: np.ndarray, epoch: np.uint64, at: int, key: np.uint64, number: int) -> None:
    """Put a key and its number into a free slot."""
    slots[2 * at] = key
    slots[2 * at + 1] = epoch << HALF | np.uint64(number)


@inlined_kernel
def home(key: np.uint64, size: int) -> int:
    """The slot where the search for a key starts. Keys are well mixed hashes."""
    return whole(key & np.uint64(size - 1))


@borrowing_kernel
def enlarge(slots: np.ndarray, size: int, epochs: np.ndarray, keys: np.ndarray, count: int) -> int:
    """Double the size: under a new epoch, put keys[i] back in with the number i, for each i below the count.

    Returns the new size. Raises TableFullError if there are not so many slots.
    """
    size *= 2
    if 2 * size > len(slots):
        raise TableFullError
    epoch = next_epoch(epochs)
    for number in range(count):
        at = home(keys[number], size)
        while slots[2 * at + 1] >> HALF == epoch:
            at = (at + 1) & (size - 1)
        fill(slots, epoch, at, keys[number], number)
    return size


@inlined_kernel
def add(
    slots: np.ndarray, size: int, epochs: np.ndarray, at: int, key: np.uint64, keys: np.ndarray, number: int
) -> int:
    """Put a new key into the free slot `at`, where `probe` looked for it, and into keys[number]; `number` is the number
    of keys before. Returns the size, which `enlarge` doubles once the table is half full.
    """
    fill(slots, epochs[0], at, key, number)
    keys[number] = key
    if 2 * (number + 1) > size:
        return enlarge(slots, size, epochs, keys, number + 1)
    return size
