"""The bit mixer that every 64-bit hash here ends with."""

from collections.abc import Callable
from typing import cast

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.kernel import borrowing_kernel

SHIFT = np.uint64(33)
FIRST = np.uint64(0xFF51AFD7ED558CCD)
SECOND = np.uint64(0xC4CEB9FE1A85EC53)


def avalanches(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """MurmurHash3's 64-bit finaliser (Appleby, public domain) of each value: a bijection in which each bit of the
    value changes each bit of the result with a probability near one half."""
    values = (values ^ (values >> SHIFT)) * FIRST
    values = (values ^ (values >> SHIFT)) * SECOND
    return values ^ (values >> SHIFT)


avalanche = cast(Callable[[np.uint64], np.uint64], borrowing_kernel(avalanches))
"""The same of one value, for kernels."""
