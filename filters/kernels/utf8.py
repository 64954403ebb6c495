"""Reads text as bytes: the buffers of Arrow's strings, and the code points in them."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.unicode import ASCII, INDEX, LOWER_INDEX, LOWER_PAGES, PAGES, WHITE_SPACE

ONES = np.uint64(0x0101010101010101)
HIGH_BITS = np.uint64(0x8080808080808080)

REPLACEMENT = 0xFFFD


def views(array: pa.StringArray) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """The offsets, int32[n + 1], and the bytes, uint8, of an array of n strings, without a copy.

    String i is data[offsets[i] : offsets[i + 1]] in UTF-8; a null is empty. Raises TypeError for other types.
    """
    if array.type != pa.string():
        raise TypeError(f"a text column holds strings, not {array.type}: cast it to pyarrow.string()")
    if array.null_count:
        array = array.fill_null("")
    if len(array) == 0:
        offsets = np.zeros(1, np.int32)
        data = np.empty(0, np.uint8)
    else:
        _, ends, text = array.buffers()
        offsets = np.frombuffer(ends, np.int32, len(array) + 1, 4 * array.offset)
        data = np.frombuffer(text or b"", np.uint8)
    # numba compiles a kernel once more for arrays that may be written to.
    offsets.flags.writeable = data.flags.writeable = False
    return offsets, data


@inlined_kernel
def decode(data: np.ndarray, at: int, end: int) -> tuple[int, int]:
    """The code point at a position and its width in bytes; U+FFFD and 1 if the data there is not UTF-8."""
    first = whole(data[at])
    if first < 0x80:
        return first, 1
    if 0xC2 <= first < 0xE0 and at + 2 <= end:
        return (first & 0x1F) << 6 | data[at + 1] & 0x3F, 2
    if 0xE0 <= first < 0xF0 and at + 3 <= end:
        return (first & 0x0F) << 12 | (data[at + 1] & 0x3F) << 6 | data[at + 2] & 0x3F, 3
    if 0xF0 <= first < 0xF5 and at + 4 <= end:
        point = (first & 0x07) << 18 | (data[at + 1] & 0x3F) << 12 | (data[at + 2] & 0x3F) << 6
        return min(point | data[at + 3] & 0x3F, 0x10FFFF), 4
    return REPLACEMENT, 1


@inlined_kernel
def properties(point: int) -> int:
    """The properties of a code point, as bits of filters.kernels.unicode."""
    return whole(PAGES[INDEX[point >> 8], point & 255])


@inlined_kernel
def lower(point: int) -> int:
    """The simple lower case of a code point."""
    return point + whole(LOWER_PAGES[LOWER_INDEX[point >> 8], point & 255])


@inlined_kernel
def white_space(data: np.ndarray, at: int, end: int) -> int:
    """The width in bytes of the white-space character at a position; 0 if there is none."""
    first = data[at]
    if first < 0x80:
        return whole(ASCII[first] & WHITE_SPACE != 0)
    # No other byte starts a white-space character.
    if first != 0xC2 and not 0xE1 <= first <= 0xE3:
        return 0
    point, width = decode(data, at, end)
    return width if properties(point) & WHITE_SPACE else 0


@inlined_kernel
def lower_ascii(word: np.uint64) -> np.uint64:
    """Eight bytes with A to Z lower-cased and the others unchanged."""
    low = word & ~HIGH_BITS
    from_a = low + ONES * np.uint64(0x80 - 0x41)
    beyond_z = low + ONES * np.uint64(0x7F - 0x5A)
    upper = (from_a ^ beyond_z) & ~word & HIGH_BITS
    return word | upper >> np.uint64(2)


@borrowing_kernel
def encode(point: int) -> tuple[np.uint64, int]:
    """A code point in UTF-8, its first byte lowest, and the number of bytes."""
    if point < 0x80:
        return np.uint64(point), 1
    tail = np.uint64(0x80 | point & 0x3F)
    if point < 0x800:
        return np.uint64(0xC0 | point >> 6) | tail << np.uint64(8), 2
    middle = np.uint64(0x80 | point >> 6 & 0x3F)
    if point < 0x10000:
        return np.uint64(0xE0 | point >> 12) | middle << np.uint64(8) | tail << np.uint64(16), 3
    upper = np.uint64(0x80 | point >> 12 & 0x3F)
    first = np.uint64(0xF0 | point >> 18)
    return first | upper << np.uint64(8) | middle << np.uint64(16) | tail << np.uint64(24), 4


def text_bytes(batch: pa.RecordBatch) -> npt.NDArray[np.int64]:
    """The number of bytes of each document's text in UTF-8."""
    lengths: npt.NDArray[np.int64] = pc.binary_length(batch.column("text")).to_numpy(zero_copy_only=False)
    return lengths.astype(np.int64)
