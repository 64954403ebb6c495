"""Merges many short words side by side: while one word waits for memory, the others go on.

A word's merges depend on one another, and most of the time goes into waiting for the table of pairs, which is
larger than the processor's caches. So each round does one merge of every word, prefetches the entries of the table
that all of them need next, and only then looks them up. An id stays in its lane; a mask says which lanes are left.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import (
    LANES,
    below,
    leading_zeros,
    least,
    prefetch,
    trailing_zeros,
    whole,
)
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.tokens.ranked.merges import ID_BITS, Merges, bucket_of, pair, rank_of

WIDTH = 32  # most words that are merged side by side

STRIDE = 64
"""The distance from one word's lanes to the next word's. The last lane holds no id: it is the neighbour of an id that
has none."""

_NOBODY = STRIDE - 1
_NO_ID = (1 << ID_BITS) - 1
_NONE = np.uint32(0xFFFFFFFF)
_ONE = np.uint64(1)
_LANE_BITS = 5
_LANE = (1 << _LANE_BITS) - 1


class Lanes(NamedTuple):
    """The state of WIDTH words, each of up to LANES ids."""

    ids: npt.NDArray[np.int64]  # [WIDTH * STRIDE]
    ranks: npt.NDArray[np.uint32]  # [WIDTH * STRIDE]: rank << 5 | lane, for each id and the one after it
    left: npt.NDArray[np.uint64]  # [WIDTH]: bit i for an id in lane i
    pairs: npt.NDArray[np.int64]  # [WIDTH, 3]: the lanes before, of and after the last merge
    best: npt.NDArray[np.int64]  # [WIDTH]: the least of a word's entries in `ranks`
    active: npt.NDArray[np.int64]  # [WIDTH]: the words that have merges left


def lanes() -> Lanes:
    """Lanes without words."""
    return Lanes(
        np.full(WIDTH * STRIDE, _NO_ID, np.int64),
        np.full(WIDTH * STRIDE, _NONE, np.uint32),
        np.zeros(WIDTH, np.uint64),
        np.zeros((WIDTH, 3), np.int64),
        np.zeros(WIDTH, np.int64),
        np.zeros(WIDTH, np.int64),
    )


@inlined_kernel
def begin(lanes: Lanes, word: int, count: int) -> None:
    """Start a word of `count` ids, which are in its lanes. `set_rank` must note the ranks of its pairs."""
    lanes.left[word] = below(count)
    for lane in range(max(count - 1, 0), LANES):
        lanes.ranks[word * STRIDE + lane] = _NONE


@inlined_kernel
def set_rank(lanes: Lanes, word: int, lane: int, rank: int) -> None:
    """Note the rank of the pair of a lane's id and the one after it; -1 if they do not merge."""
    entry = np.uint32(rank << _LANE_BITS | lane) if rank >= 0 else _NONE
    lanes.ranks[word * STRIDE + lane] = entry


@borrowing_kernel
def merge_all(merges: Merges, lanes: Lanes, words: int) -> None:
    """Merge the first `words` words until none has a merge left."""
    active = words
    for word in range(words):
        lanes.active[word] = word
    while active:
        going = 0
        for place in range(active):
            word = lanes.active[place]
            best = least(lanes.ranks, word * STRIDE)
            lanes.best[word] = best
            lanes.active[going] = word
            going += best != _NONE
            prefetch(merges.results, best >> _LANE_BITS)
        active = going
        for place in range(active):
            _take(merges, lanes, lanes.active[place])
        for place in range(active):
            _look_up(merges, lanes, lanes.active[place])


@inlined_kernel
def _take(merges: Merges, lanes: Lanes, word: int) -> None:
    """Do a word's next merge, and prefetch the ranks of its new pairs."""
    base, best = word * STRIDE, lanes.best[word]
    lane = best & _LANE
    merged = whole(merges.results[best >> _LANE_BITS])
    lanes.ids[base + lane] = merged
    after = lanes.left[word] & ~below(lane + 1)
    gone = trailing_zeros(after)
    after &= after - _ONE
    left = lanes.left[word] & ~(_ONE << np.uint64(gone))
    lanes.left[word] = left
    lanes.ranks[base + gone] = _NONE
    preceding = (63 - leading_zeros(left & below(lane))) & _NOBODY
    following = trailing_zeros(after | _ONE << np.uint64(_NOBODY))
    lanes.pairs[word, 0], lanes.pairs[word, 1], lanes.pairs[word, 2] = preceding, lane, following
    prefetch(merges.table, np.int64(bucket_of(merges.table, pair(lanes.ids[base + preceding], merged))))
    prefetch(merges.table, np.int64(bucket_of(merges.table, pair(merged, lanes.ids[base + following]))))


@inlined_kernel
def _look_up(merges: Merges, lanes: Lanes, word: int) -> None:
    base = word * STRIDE
    preceding, lane, following = lanes.pairs[word, 0], lanes.pairs[word, 1], lanes.pairs[word, 2]
    merged = lanes.ids[base + lane]
    rank = rank_of(merges.table, pair(lanes.ids[base + preceding], merged))
    set_rank(lanes, word, preceding, rank)
    rank = rank_of(merges.table, pair(merged, lanes.ids[base + following]))
    set_rank(lanes, word, lane, rank)


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
