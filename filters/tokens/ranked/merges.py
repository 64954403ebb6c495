"""Merges by rank: the pair of the lowest rank first, and of equal ranks the leftmost, until no pair has a rank."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.aligned import table
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel, kernel
from massivetext.filters.tokens.heap import pop, push

ID_BITS, RANK_BITS = 20, 24
FEW = 40  # most ids of a word for which looking at all pairs is faster than keeping them on a heap
ROWS = 6  # rows of the work space
BUCKET = 4  # entries of the table that are read together

NONE = np.int64(0x7FFFFFFF)  # a rank that is worse than all others
_EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_KEY_BITS = np.uint64(RANK_BITS)
_RANK = np.uint64((1 << RANK_BITS) - 1)


class Merges(NamedTuple):
    """The ranks of pairs of ids."""

    table: npt.NDArray[np.uint64]  # a hash table, open addressing: left << 44 | right << 24 | rank
    first: npt.NDArray[np.int32]  # [65536]: the rank of the pair of two bytes' ids; -1 if it has none
    results: npt.NDArray[np.int32]  # [ranks]: the id that a merge gives


def merges(
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    ranks: npt.NDArray[np.int64],
    results: npt.NDArray[np.int64],
) -> Merges:
    """The merges left[i] + right[i] -> results[ranks[i]]. If a pair occurs twice, its last rank counts."""
    entries = table(1 << max(4, (2 * len(left)).bit_length()), np.uint64, _EMPTY)
    _insert(entries, left.astype(np.int64), right.astype(np.int64), ranks.astype(np.int64))
    return Merges(entries, np.full(65536, -1, np.int32), results.astype(np.int32))


@kernel
def _insert(table: np.ndarray, left: np.ndarray, right: np.ndarray, ranks: np.ndarray) -> None:
    for i in range(len(left)):
        key = pair(left[i], right[i])
        at = bucket_of(table, key)
        while table[at] != _EMPTY and table[at] >> _KEY_BITS != key:
            at = (at + np.uint64(1)) & np.uint64(len(table) - 1)
        table[at] = key << _KEY_BITS | np.uint64(ranks[i])


@kernel
def pairs_of_bytes(merges: Merges, byte_ids: np.ndarray) -> None:
    """Fill in `merges.first`, the ranks of pairs of bytes."""
    for pair in range(65536):
        merges.first[pair] = lookup(merges, byte_ids[pair >> 8], byte_ids[pair & 255])


@inlined_kernel
def bucket_of(table: np.ndarray, key: np.uint64) -> np.uint64:
    """Where the search for a pair starts: at the first entry of a bucket, which lies in one cache line."""
    mixed = key * _MIX
    return (mixed ^ mixed >> np.uint64(32)) & np.uint64(len(table) - BUCKET)


@inlined_kernel
def pair(left: int, right: int) -> np.uint64:
    """Two ids as one key."""
    return np.uint64(left) << np.uint64(ID_BITS) | np.uint64(right)


@inlined_kernel
def rank_of(table: np.ndarray, key: np.uint64) -> int:
    """The rank of a pair; -1 if it has none. One bucket decides most pairs. The loop reads all of it, so that the
    processor has no branch to predict.
    """
    at = bucket_of(table, key)
    while True:
        rank = -1
        for place in range(BUCKET):
            entry = table[at + np.uint64(place)]
            if entry >> _KEY_BITS == key:
                rank = whole(entry & _RANK)
        if rank >= 0 or table[at + np.uint64(BUCKET - 1)] == _EMPTY:
            return rank
        at = (at + np.uint64(BUCKET)) & np.uint64(len(table) - 1)


@inlined_kernel
def lookup(merges: Merges, left: int, right: int) -> int:
    """The rank of a pair of ids; -1 if it has none."""
    return rank_of(merges.table, pair(left, right)) if left >= 0 and right >= 0 else -1


@borrowing_kernel
def merge(merges: Merges, work: np.ndarray, count: int) -> int:
    """Merge the first `count` ids in work[0] in place; returns how many are left.

    `work` is int64[ROWS, more than count]; its other contents do not matter.
    """
    ids, ranks = work[0], work[1]
    for i in range(count - 1):
        ranks[i] = lookup(merges, ids[i], ids[i + 1])
    if count <= FEW:
        return _merge_few(merges, ids, ranks, count)
    return _merge_many(merges, work, count)


@inlined_kernel
def _merge_few(merges: Merges, ids: np.ndarray, ranks: np.ndarray, count: int) -> int:
    for i in range(count - 1):
        if ranks[i] < 0:
            ranks[i] = NONE
    while True:
        best, place = NONE, 0
        for i in range(count - 1):
            if ranks[i] < best:
                best, place = ranks[i], i
        if best == NONE:
            return count
        ids[place] = merges.results[best]
        count -= 1
        for i in range(place + 1, count):
            ids[i], ranks[i] = ids[i + 1], ranks[i + 1]
        if place + 1 < count:
            rank = lookup(merges, ids[place], ids[place + 1])
            ranks[place] = rank if rank >= 0 else NONE
        if place > 0:
            rank = lookup(merges, ids[place - 1], ids[place])
            ranks[place - 1] = rank if rank >= 0 else NONE


@borrowing_kernel
def _merge_many(merges: Merges, work: np.ndarray, count: int) -> int:
    """Does what `_merge_few` does in O(n log n): links the ids in a list, and keeps their merges on a heap, as
    rank << 32 | place.
    """
    ids, ranks, following, preceding = work[0], work[1], work[2], work[3]
    heap = work[4:].reshape(-1)
    waiting = 0
    ranks[count - 1] = -1
    for place in range(count):
        following[place], preceding[place] = place + 1, place - 1
        waiting = push(heap, waiting, ranks[place], place)
    while waiting:
        rank, place = heap[0] >> 32, heap[0] & 0xFFFFFFFF
        waiting = pop(heap, waiting)
        # Skip a merge of which one id has changed or gone since: the new pairs were pushed then.
        if ranks[place] != rank:
            continue
        ids[place] = merges.results[rank]
        ranks[following[place]] = -1
        right = following[following[place]]
        following[place] = right
        ranks[place] = lookup(merges, ids[place], ids[right]) if right < count else -1
        waiting = push(heap, waiting, ranks[place], place)
        if right < count:
            preceding[right] = place
        before = preceding[place]
        if before >= 0:
            ranks[before] = lookup(merges, ids[before], ids[place])
            waiting = push(heap, waiting, ranks[before], before)

    place = kept = 0
    while place < count:
        ids[kept] = ids[place]
        place = following[place]
        kept += 1
    return kept
