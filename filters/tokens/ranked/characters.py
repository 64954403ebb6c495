"""Which documents hold a character of some kind."""

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import BLOCK, find, trailing_zeros
from massivetext.filters.kernels.kernel import kernel
from massivetext.filters.kernels.utf8 import decode, encode


def kinds_held(
    kinds: npt.NDArray[np.uint8], data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int32]
) -> npt.NDArray[np.uint8]:
    """The union of the kinds of each document's characters: uint8[documents].

    `kinds` holds the bits of each code point; no character of ASCII has any.
    """
    held = np.zeros(len(offsets) - 1, np.uint8)
    least = int(np.flatnonzero(kinds)[0]) if kinds.any() else 0x10FFFF
    _kinds_held(kinds, data, offsets, np.uint8(int(encode(least)[0]) & 0xFF), held)
    return held


@kernel
def _kinds_held(
    kinds: np.ndarray, data: np.ndarray, offsets: np.ndarray, first: np.uint8, held: np.ndarray
) -> None:
    for document in range(len(held)):
        end = offsets[document + 1]
        for base in range(offsets[document], end, BLOCK):
            mask = find(data, base, first, np.uint8(0xFF))
            while mask:
                at = base + trailing_zeros(mask)
                if at >= end:
                    break
                mask &= mask - np.uint64(1)
                held[document] |= kinds[decode(data, at, end)[0]]
