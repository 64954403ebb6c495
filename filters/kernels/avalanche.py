"""The bit mixer that every 64-bit hash here ends with."""

import numpy as np

from massivetext.filters.kernels.kernel import borrowing_kernel

SHIFT = np.uint64(33)
FIRST = np.uint64(0xFF51AFD7ED558CCD)
SECOND = np.uint64(0xC4CEB9FE1A85EC53)


@borrowing_kernel
def avalanche(value: np.uint64) -> np.uint64:
    """MurmurHash3's 64-bit finaliser (Appleby, public domain): a bijection in which each bit of the
    value changes each bit of the result with a probability near one half."""
    value = (value ^ (value >> SHIFT)) * FIRST
    value = (value ^ (value >> SHIFT)) * SECOND
    return value ^ (value >> SHIFT)
