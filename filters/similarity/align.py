"""Alignment: which terms of a piece of at most 64 stand, in order, in a stretch of a document.

The longest common subsequence, with a machine word a row: bit i of a row is 0 where term i of the piece makes the
subsequence longer (Hyyrö, Bit-parallel LCS-length computation revisited, 2004; read back as in rapidfuzz).
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
    found = _read_back(start, end, len(piece), work)
    return _without_lone(found, len(piece), work.places)


@borrowing_kernel
def _slot(term: np.uint64, work: Rows) -> int:
    """Where a term is, or would be."""
    slot: int = np.int64(term & np.uint64(SLOTS - 1))  # type: ignore[assignment]
    while work.masks[slot] and work.keys[slot] != term:
        slot = (slot + 1) & (SLOTS - 1)
    return slot


@borrowing_kernel
def _read_back(start: int, end: int, size: int, work: Rows) -> np.uint64:
    found = np.uint64(0)
    at, place = end - 1 - start, size - 1
    while at >= 0 and place >= 0:
        bit = ONE << np.uint64(place)
        if work.rows[at] & bit:
            place -= 1
        elif at > 0 and not work.rows[at - 1] & bit:
            at -= 1
        else:
            found |= bit
            work.places[place] = start + at
            at -= 1
            place -= 1
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
