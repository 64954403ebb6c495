"""Merges many short words side by side: while one word waits for memory, the others go on.

A word's merges depend on one another, and most of the time goes into waiting for the table of pairs, which is
larger than the processor's caches. So each round does one merge of every word, prefetches the entries of the table
that all of them need next, and only then looks them up. An id stays in its lane; a mask says which lanes are left.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import below, leading_zeros, least, prefetch, trailing_zeros, whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.widths import LEAST
from massivetext.filters.tokens.ranked.merges import ID_BITS, Merges, bucket_of, pair, rank_of

WIDTH = 64  # most words that are merged side by side

STRIDE = 64
"""The distance from one word's lanes to the next word's. The last lane holds no id: it is the neighbour of an id that
has none."""

_STRIDE_BITS = np.uint64(6)
_NOBODY = np.uint64(STRIDE - 1)
_NO_ID = (1 << ID_BITS) - 1
_NONE = np.uint32(0xFFFFFFFF)
_ONE = np.uint64(1)
_RANK, _LANE = np.uint64(5), np.uint64(LEAST - 1)  # where an entry's rank begins, and the mask of its lane


class Lanes(NamedTuple):
    """The state of WIDTH words, each of up to LEAST ids."""

    ids: npt.NDArray[np.int64]  # [WIDTH * STRIDE]
    ranks: npt.NDArray[np.uint32]  # [WIDTH * STRIDE]: rank << 5 | lane, for each id and the one after it
    left: npt.NDArray[np.uint64]  # [WIDTH]: bit i for an id in lane i
    before: npt.NDArray[np.uint64]  # [WIDTH]: the lane before the last merge, of it, and after it
    merged: npt.NDArray[np.uint64]
    after: npt.NDArray[np.uint64]
    best: npt.NDArray[np.uint64]  # [WIDTH]: the least of a word's entries in `ranks`
    active: npt.NDArray[np.uint64]  # [WIDTH]: the words that have merges left


def lanes() -> Lanes:
    """Lanes without words."""
    return Lanes(
        np.full(WIDTH * STRIDE, _NO_ID, np.int64),
        np.full(WIDTH * STRIDE, _NONE, np.uint32),
        *(np.zeros(WIDTH, np.uint64) for _ in range(6)),
    )


@inlined_kernel
def begin(lanes: Lanes, word: int, count: int) -> None:
    """Start a word of `count` ids, which are in its lanes. `set_rank` must note the ranks of its pairs."""
    lanes.left[word] = below(count)
    for lane in range(max(count - 1, 0), LEAST):
        lanes.ranks[word * STRIDE + lane] = _NONE


@inlined_kernel
def set_rank(lanes: Lanes, word: int, lane: int, rank: int) -> None:
    """Note the rank of the pair of a lane's id and the one after it; -1 if they do not merge."""
    lanes.ranks[word * STRIDE + lane] = _entry(rank, np.uint64(lane))


@inlined_kernel
def _entry(rank: int, lane: np.uint64) -> np.uint32:
    return np.uint32(np.uint64(rank) << _RANK | lane) if rank >= 0 else _NONE


@borrowing_kernel
def merge_all(merges: Merges, lanes: Lanes, words: int) -> None:
    """Merge the first `words` words until none has a merge left. (Indices of 64 bits without sign spare numba's look at
    whether an index counts from the end.)
    """
    active = np.uint64(words)
    for word in range(words):
        lanes.active[word] = word
    while active:
        going = np.uint64(0)
        for place in range(active):
            word = lanes.active[place]
            best = np.uint64(least(lanes.ranks, np.int64(word << _STRIDE_BITS)))
            lanes.best[word] = best
            lanes.active[going] = word
            going += np.uint64(best != _NONE)
            prefetch(merges.results, np.int64(best >> _RANK))
        active = going
        for place in range(active):
            _take(merges, lanes, lanes.active[place])
        for place in range(active):
            _look_up(merges, lanes, lanes.active[place])


@inlined_kernel
def _take(merges: Merges, lanes: Lanes, word: np.uint64) -> None:
    """Do a word's next merge, and prefetch the ranks of its new pairs."""
    base, best = word << _STRIDE_BITS, lanes.best[word]
    lane = best & _LANE
    merged = whole(merges.results[best >> _RANK])
    lanes.ids[base | lane] = merged
    left = lanes.left[word]
    after = left & ~((_ONE << lane + _ONE) - _ONE)
    gone = np.uint64(trailing_zeros(after))
    after &= after - _ONE
    left &= ~(_ONE << gone)
    lanes.left[word] = left
    lanes.ranks[base | gone] = _NONE
    before = np.uint64(63 - leading_zeros(left & ((_ONE << lane) - _ONE))) & _NOBODY
    following = np.uint64(trailing_zeros(after | _ONE << _NOBODY))
    lanes.before[word], lanes.merged[word], lanes.after[word] = before, lane, following
    prefetch(merges.table, np.int64(bucket_of(merges.table, pair(lanes.ids[base | before], merged))))
    prefetch(merges.table, np.int64(bucket_of(merges.table, pair(merged, lanes.ids[base | following]))))


@inlined_kernel
def _look_up(merges: Merges, lanes: Lanes, word: np.uint64) -> None:
    base = word << _STRIDE_BITS
    before, lane, following = lanes.before[word], lanes.merged[word], lanes.after[word]
    merged = lanes.ids[base | lane]
    lanes.ranks[base | before] = _entry(rank_of(merges.table, pair(lanes.ids[base | before], merged)), before)
    lanes.ranks[base | lane] = _entry(rank_of(merges.table, pair(merged, lanes.ids[base | following])), lane)


@inlined_kernel
def collect(lanes: Lanes, word: int, ids: np.ndarray, to: int) -> int:
    """Write a word's ids to ids[to:]; returns their number."""
    left = lanes.left[word]
    count = 0
    while left:
        ids[to + count] = lanes.ids[word * STRIDE + trailing_zeros(left)]
        left &= left - _ONE
        count += 1
    return count
