"""The merges of byte-pair encoding, in SentencePiece's order: the best rank first, and of equal ranks the leftmost.

A merge is one number, rank << 32 | symbol; it is -1 if two symbols do not merge.
"""

import numpy as np

from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.utf8 import decode
from massivetext.filters.tokens.heap import pop, push

FEW = 32  # most symbols of a word for which looking at all pairs is faster than keeping them on a heap
ROWS = 7  # rows of the work space
_MIX = np.uint64(0x9E3779B97F4A7C15)
_NONE = np.int64(0x7FFFFFFF)  # a rank that is worse than all others


def table(merges: list[tuple[int, int, int]]) -> np.ndarray:
    """A hash table of merges (left symbol, right symbol, merge): int64[slots, 2] of left << 32 | right (-1: an empty
    slot) and the merge.
    """
    pairs = np.full((1 << max(4, (2 * len(merges)).bit_length()), 2), -1, np.int64)
    left, right, merge = np.array(merges, np.int64).reshape(-1, 3).T.copy()  # each a whole array: one type
    _insert(left << 32 | right, merge, pairs)
    return pairs


@borrowing_kernel
def _slot(pairs: np.ndarray, key: int) -> int:
    """The slot of the hash table that holds `key`, or the empty slot where it belongs."""
    mask = np.uint64(len(pairs) - 1)
    at = (np.uint64(key) * _MIX) >> np.uint64(32) & mask
    while pairs[at, 0] != key and pairs[at, 0] >= 0:
        at = (at + np.uint64(1)) & mask
    return int(np.int64(at))


@borrowing_kernel
def _insert(keys: np.ndarray, merges: np.ndarray, pairs: np.ndarray) -> None:
    for i in range(len(keys)):
        slot = _slot(pairs, keys[i])
        pairs[slot, 0], pairs[slot, 1] = keys[i], merges[i]


@borrowing_kernel
def _lookup(pairs: np.ndarray, left: int, right: int) -> int:
    """The merge of two symbols; -1 if there is none. A symbol that is in no piece is -1."""
    key = left << 32 | right
    return pairs[_slot(pairs, key), 1] if key >= 0 else -1


@borrowing_kernel
def merge_word(
    data: np.ndarray,
    start: int,
    end: int,
    characters: np.ndarray,
    pairs: np.ndarray,
    byte_ids: np.ndarray,
    size: int,
    work: np.ndarray,
    ids: np.ndarray,
    to: int,
) -> int:
    """Encode data[start:end] (whole characters) into ids[to:]; returns the number of ids.

    A symbol that is not a piece (below 0, or `size` and above) is spelt in bytes. `work` is
    int64[ROWS, more than end - start].
    """
    symbols, begins = work[0], work[1]
    count = 0
    at = start
    while at < end:
        point, width = decode(data, at, end)
        symbols[count], begins[count] = characters[point], at
        at += width
        count += 1
    begins[count] = end
    count = _merge_few(count, pairs, work) if count <= FEW else _merge_many(count, pairs, work)

    written = to
    for i in range(count):
        if 0 <= symbols[i] < size:
            ids[written] = symbols[i]
            written += 1
        else:
            for byte in range(begins[i], begins[i + 1]):
                ids[written] = byte_ids[data[byte]]
                written += 1
    return written - to


@borrowing_kernel
def _merge_few(count: int, pairs: np.ndarray, work: np.ndarray) -> int:
    """Merge the first `count` symbols in place, closing the gaps; returns how many are left."""
    symbols, begins, merges = work[0], work[1], work[2]
    for left in range(count - 1):
        merges[left] = _lookup(pairs, symbols[left], symbols[left + 1])
    while True:
        best, place = _NONE, -1
        for left in range(count - 1):
            if merges[left] >= 0 and merges[left] >> 32 < best:
                best, place = merges[left] >> 32, left
        if place < 0:
            return count
        symbols[place] = merges[place] & 0xFFFFFFFF
        count -= 1
        for i in range(place + 1, count):
            symbols[i], begins[i], merges[i] = symbols[i + 1], begins[i + 1], merges[i + 1]
        begins[count] = begins[count + 1]
        if place + 1 < count:
            merges[place] = _lookup(pairs, symbols[place], symbols[place + 1])
        if place > 0:
            merges[place - 1] = _lookup(pairs, symbols[place - 1], symbols[place])


@borrowing_kernel
def _merge_many(count: int, pairs: np.ndarray, work: np.ndarray) -> int:
    """Does what `_merge_few` does in O(n log n): links the symbols in a list, and keeps their merges on a heap, as
    rank << 32 | left.
    """
    symbols, begins, merges, following, preceding = work[0], work[1], work[2], work[3], work[4]
    heap = work[5:].reshape(-1)
    waiting = 0
    for left in range(count):
        following[left], preceding[left] = left + 1, left - 1
        merges[left] = _lookup(pairs, symbols[left], symbols[left + 1]) if left + 1 < count else -1
        waiting = push(heap, waiting, merges[left] >> 32, left)
    while waiting:
        rank, left = heap[0] >> 32, heap[0] & 0xFFFFFFFF
        waiting = pop(heap, waiting)
        # Skip a merge of which one symbol has changed or gone since: the new pairs were pushed then.
        if merges[left] >> 32 != rank:
            continue
        symbols[left] = merges[left] & 0xFFFFFFFF
        merges[following[left]] = -1
        right = following[following[left]]
        following[left] = right
        merges[left] = _lookup(pairs, symbols[left], symbols[right]) if right < count else -1
        waiting = push(heap, waiting, merges[left] >> 32, left)
        if right < count:
            preceding[right] = left
        before = preceding[left]
        if before >= 0:
            merges[before] = _lookup(pairs, symbols[before], symbols[left])
            waiting = push(heap, waiting, merges[before] >> 32, before)

    left = kept = 0
    while left < count:
        symbols[kept], begins[kept] = symbols[left], begins[left]
        left = following[left]
        kept += 1
    begins[kept] = begins[count]
    return kept
