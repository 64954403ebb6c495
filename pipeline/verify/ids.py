"""Packs ids into 16 bytes each, so that those of many documents fit in memory."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.kernels.utf8 import views

Ids = npt.NDArray[np.bytes_]
"""S16[n]: the bytes of each id's 32 hex digits. NumPy drops zero bytes at the end of each."""

_DIGITS = np.full(256, 255, np.uint8)
_DIGITS[np.frombuffer(b"0123456789abcdef", np.uint8)] = np.arange(16)


def packed(ids: pa.Array | pa.ChunkedArray) -> Ids:
    """Returns packed ids. Raises ValueError if an id is not 32 hex digits."""
    array = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    if isinstance(array, pa.ChunkedArray) or len(array) == 0:
        return np.empty(0, "S16")
    offsets, data = views(array)
    if not np.all(np.diff(offsets) == 32):
        raise ValueError("an id does not have 32 digits")
    digits = _DIGITS[np.asarray(data[offsets[0] : offsets[-1]]).reshape(-1, 32)]
    if digits.max() > 15:
        raise ValueError("an id holds a character that is no hex digit")
    values = np.ascontiguousarray(digits[:, ::2] << 4 | digits[:, 1::2])
    return values.view("S16").reshape(-1)


def shown(id_: np.bytes_) -> str:
    return bytes(id_).ljust(16, b"\0").hex()
