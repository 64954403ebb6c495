"""Alignment: which terms of a piece of at most 64 stand, in order, in a stretch of a document.

The longest common subsequence, with a machine word a row: bit i of a row is 0 where term i of the piece makes the
subsequence longer (Hyyrö, Bit-parallel LCS-length computation revisited, 2004). Of all longest ones the last is taken,
and then each run of it goes on as far as it can.
"""

from typing import NamedTuple

import numpy as np

from massivetext.filters.kernels.bits import below
from massivetext.filters.kernels.kernel import borrowing_kernel

SLOTS = 256
ALL = ~np.uint64(0)
ONE = np.uint64(1)

NEAR = 3
"""A term of the piece counts as held if the one before it or after it stands so near in the document."""


class Rows(NamedTuple):
    """What `align` works in."""

    keys: np.ndarray  # uint64[SLOTS]: distinct terms of the piece, open addressing
    masks: np.ndarray  # uint64[SLOTS]: where in the piece each stands; 0 for an empty slot
    rows: np.ndarray  # uint64[room]: one a term of the stretch
    places: np.ndarray  # int64[64]: where in the document each term of the piece was found


def new_rows(room: int) -> Rows:
    """For stretches of at most so many terms."""
    return Rows(
        np.empty(SLOTS, np.uint64),
        np.zeros(SLOTS, np.uint64),
        np.empty(room, np.uint64),
        np.empty(64, np.int64),
    )


@borrowing_kernel
def align(hashes: np.ndarray, start: int, end: int, piece: np.ndarray, work: Rows) -> np.uint64:
    """The mask of the piece's terms found in hashes[start:end]; `work.places` says where each stands."""
    for at in range(len(piece)):
        slot = _slot(piece[at], work)
        work.keys[slot] = piece[at]
        work.masks[slot] |= ONE << np.uint64(at)
    row = ALL
    for at in range(start, end):
        matched = row & work.masks[_slot(hashes[at], work)]
        row = (row + matched) | (row - matched)
        work.rows[at - start] = row
    work.masks[:] = 0
    found = _read_back(hashes, start, end, piece, work)
    found = _run_on(hashes, end, piece, found, work.places)
    return _without_lone(found, len(piece), work.places)


@borrowing_kernel
def _slot(term: np.uint64, work: Rows) -> int:
    """Where a term is, or would be."""
    slot: int = np.int64(term & np.uint64(SLOTS - 1))  # type: ignore[assignment]
    while work.masks[slot] and work.keys[slot] != term:
        slot = (slot + 1) & (SLOTS - 1)
    return slot


@borrowing_kernel
def _read_back(hashes: np.ndarray, start: int, end: int, piece: np.ndarray, work: Rows) -> np.uint64:
    """The last of the longest common subsequences: each term of it where it last can stand."""
    found = np.uint64(0)
    at, place = end - 1, len(piece) - 1
    while at >= start and place >= 0:
        if hashes[at] == piece[place]:
            found |= ONE << np.uint64(place)
            work.places[place] = at
            at -= 1
            place -= 1
        elif work.rows[at - start] & ONE << np.uint64(place):
            place -= 1
        else:
            at -= 1
    return found


@borrowing_kernel
def _run_on(
    hashes: np.ndarray, end: int, piece: np.ndarray, found: np.uint64, places: np.ndarray
) -> np.uint64:
    """Let each run of terms go on as far as it can: a frequent word after it may have been found further on."""
    for at in range(len(piece) - 1):
        here = places[at] + 1
        if not found >> np.uint64(at) & ONE or here >= end or hashes[here] != piece[at + 1]:
            continue
        before = end  # the next term but one that is held stands there
        for later in range(at + 2, len(piece)):
            if found >> np.uint64(later) & ONE:
                before = places[later]
                break
        if here < before:
            places[at + 1] = here
            found |= ONE << np.uint64(at + 1)
    return found


@borrowing_kernel
def _without_lone(found: np.uint64, size: int, places: np.ndarray) -> np.uint64:
    """Without terms that stand far from both of their neighbours: most are frequent words, found by chance."""
    kept = np.uint64(0)
    for at in range(size - 1):
        both = ONE << np.uint64(at) | ONE << np.uint64(at + 1)
        if found & both == both and places[at + 1] - places[at] <= NEAR:
            kept |= both
    return kept & below(size)
