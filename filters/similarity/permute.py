"""The inner loop of MinHash: permuted hashes of shingles, and the least of each permutation."""

from collections.abc import Callable
from typing import cast

import numpy as np

from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.later import Instruction
from massivetext.filters.kernels.widths import PERMUTED

AT_ONCE = 512
"""Hashes that stay in the nearest cache while all permutations are lowered by them."""


def _instruction() -> Callable[..., None]:
    from massivetext.filters.similarity.lower import lower

    return lower


_lower = cast(Callable[..., None], Instruction(_instruction))


@borrowing_kernel
def narrow(shingle: np.uint64) -> np.uint32:
    """The 32-bit hash of a shingle that MinHash permutes: its upper half."""
    return np.uint32(shingle >> np.uint64(32))


@borrowing_kernel
def permute(shingles: np.ndarray, multipliers: np.ndarray, addends: np.ndarray, least: np.ndarray) -> None:
    """Lower least[k] to the least multipliers[k] * fmix32(narrow(shingle)) + addends[k] modulo 2³².

    `shingles` is uint64, and overwritten; the others are uint32, of the same length, a multiple of PERMUTED.
    """
    for start in range(0, len(shingles), AT_ONCE):
        end = min(start + AT_ONCE, len(shingles))
        for at in range(start, end):
            shingles[at] = _fmix32(narrow(shingles[at]))
        for k in range(0, len(least), PERMUTED):
            _lower(multipliers, addends, least, k, shingles, start, end)


@borrowing_kernel
def _fmix32(value: np.uint32) -> np.uint32:
    """MurmurHash3's 32-bit finaliser. The casts are because numba widens unsigned products to 64 bits."""
    value = np.uint32((value ^ (value >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    value = np.uint32((value ^ (value >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ (value >> np.uint32(16)))
