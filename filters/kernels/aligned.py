"""Tables for look-ups at random: they start at a cache line, so that no slot lies in two."""

from typing import Any

import numpy as np
import numpy.typing as npt

_LINE = 64
_HUGE = 1 << 21  # a huge page


def table(entries: int, dtype: Any, fill: Any = 0) -> npt.NDArray[Any]:
    """An array of `entries` numbers, all `fill`. A large one starts at a huge page, so that the processor's table of
    pages holds all of it.
    """
    size = entries * np.dtype(dtype).itemsize
    boundary = _HUGE if size >= _HUGE else _LINE
    raw = np.zeros(size + boundary, np.uint8)
    start = -raw.ctypes.data % boundary
    made: npt.NDArray[Any] = raw[start : start + size].view(dtype)
    if fill:
        made[:] = fill
    return made
