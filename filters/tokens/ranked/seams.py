"""Seams: places in a text that no merge can cross, because no token holds the two characters side by side.

The chunks between seams are encoded one by one, which gives the same ids as encoding the whole text. So a long run of
Chinese, which occurs once, becomes chunks of two or three characters, which occur again and again.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import inlined_kernel, kernel
from massivetext.filters.kernels.utf8 import decode
from massivetext.filters.tokens.ranked.vocabulary import Vocabulary

_BITS = 21  # the set has 2²¹ bits: 256 KiB
_LEFT, _RIGHT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(64 - _BITS)
_WORD, _BIT = np.uint64(6), np.uint64(63)


class Seams(NamedTuple):
    """A token may join two characters if `bytes` says so of the two bytes that meet. It may also join them if they are
    not both ASCII and `set` holds the pair. The set may hold pairs that no token joins: a lost seam only costs time.
    """

    bytes: npt.NDArray[np.bool_]  # [65536]
    set: npt.NDArray[np.uint64]  # a bit for each hash of a pair of code points


def seams(vocabulary: Vocabulary) -> Seams:
    """The seams of a vocabulary."""
    found = Seams(np.zeros(65536, np.bool_), np.zeros(1 << _BITS - 6, np.uint64))
    _join(vocabulary, found)
    return found


@kernel
def _join(vocabulary: Vocabulary, seams: Seams) -> None:
    data = vocabulary.data
    for identity in range(len(vocabulary.offsets) - 1):
        start, end = vocabulary.offsets[identity], vocabulary.offsets[identity + 1]
        for at in range(start + 1, end):
            if data[at] & 0xC0 == 0x80:
                continue  # within a character
            before = at - 1
            while before > start and data[before] & 0xC0 == 0x80:
                before -= 1
            left, left_width = decode(data, before, at)
            right, right_width = decode(data, at, end)
            is_whole = before + left_width == at and (data[at] < 0x80 or right_width > 1)
            is_whole &= data[before] < 0x80 or left_width > 1
            if not is_whole or (data[at] < 0x80 and data[at - 1] < 0x80):
                # If the token holds only a part of a character, only the byte at the seam is known.
                seams.bytes[whole(data[at - 1]) << 8 | whole(data[at])] = True
            else:
                word, bit = _place(left, right)
                seams.set[word] |= bit


@inlined_kernel
def _place(left: int, right: int) -> tuple[np.uint64, np.uint64]:
    mixed = (np.uint64(left) * _LEFT ^ np.uint64(right)) * _RIGHT
    place = (mixed ^ mixed >> np.uint64(29)) * _LEFT >> _SHIFT
    return place >> _WORD, np.uint64(1) << (place & _BIT)


@inlined_kernel
def chunk_end(seams: Seams, data: np.ndarray, at: int, end: int) -> int:
    """The end of the chunk that starts at a position: the next seam, or `end`."""
    left, width = decode(data, at, end)
    at += width
    while at < end:
        byte = whole(data[at])
        if byte < 0x80 and left < 0x80:
            if not seams.bytes[np.uint64(left << 8 | byte)]:
                return at
            left = byte
            at += 1
            continue
        right, width = decode(data, at, end)
        if not seams.bytes[np.uint64(whole(data[at - 1]) << 8 | byte)]:
            word, bit = _place(left, right)
            if not seams.set[word] & bit:
                return at
        left = right
        at += width
    return at
