"""What StarCoder measures of source files (arXiv 2305.06161, section 3; StarCoder2, arXiv 2402.19173,
section 2), by one compiled pass over the UTF-8 buffer of the Arrow column, linear in the text.

Lines end at a newline (\\n, \\r\\n or \\r), are not stripped, and may be blank; lengths are in code points.
Encoded data are, from left to right, runs of

    \\u0041\\u0042...        8 or more escapes of four hexadecimal digits
    0x41, 0x42... \\x41...   8 or more bytes, with commas or ASCII white space between them or not
    QUJDREVGR0g...          64 or more of the characters of base64 (letters, digits, + / =)

StarCoder2's regular expressions take bare pairs of digits for bytes too, so that a table of two-digit numbers
is encoded data, and line breaks for part of base64, so that a list of words is; here neither is.
"""

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.unicode import LETTER, NUMBER
from massivetext.filters.kernels.utf8 import decode, properties, views
from massivetext.schemas.measurement import CODE

FEWEST_UNITS = 8
FEWEST_BASE64 = 64


def measure_code(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The columns of schemas.measurement.CODE for each document's `text`, none of them null.

    A null text is measured as an empty one.
    """
    offsets, data = views(batch["text"])
    measured = np.zeros((len(CODE), len(batch)))
    _measure(offsets, data, measured)
    arrays = [pa.array(values).cast(field.type) for values, field in zip(measured, CODE, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=CODE)


@borrowing_kernel
def _measure(offsets: np.ndarray, data: np.ndarray, measured: np.ndarray) -> None:
    for row in range(len(offsets) - 1):
        start, end = whole(offsets[row]), whole(offsets[row + 1])
        if start == end:
            continue
        characters, alphanumeric, lines, in_lines, longest_line = _count(data, start, end)
        encoded, longest_run = _count_encoded(data, start, end)
        measured[0, row] = longest_line
        measured[1, row] = in_lines / lines
        measured[2, row] = alphanumeric / characters
        measured[3, row] = encoded / characters
        measured[4, row] = longest_run


@borrowing_kernel
def _count(data: np.ndarray, at: int, end: int) -> tuple[int, int, int, int, int]:
    """(code points, letters and digits, lines, code points in lines, those in the longest) of a text that is
    not empty."""
    characters, alphanumeric, lines, in_lines, longest, length = 0, 0, 0, 0, 0, 0
    while at < end:
        point, width = decode(data, at, end)
        at += width
        characters += 1
        if point == 0x0A or point == 0x0D:
            if point == 0x0D and at < end and data[at] == 0x0A:
                at += 1
                characters += 1
            lines, in_lines, longest, length = lines + 1, in_lines + length, max(longest, length), 0
        else:
            length += 1
            alphanumeric += properties(point) & (LETTER | NUMBER) != 0
    if length:
        lines, in_lines, longest = lines + 1, in_lines + length, max(longest, length)
    return characters, alphanumeric, lines, in_lines, longest


@borrowing_kernel
def _count_encoded(data: np.ndarray, at: int, end: int) -> tuple[int, int]:
    """Of the encoded data: (characters, those of the longest run)."""
    encoded, longest = 0, 0
    base64_end = at  # where the run of base64's characters that the position lies in ends, if that is ahead
    while at < end:
        stop = at
        if data[at] == 0x5C:
            stop = _units_end(data, at, end, 0x75, 4)
        if stop == at and (data[at] == 0x5C or data[at] == 0x30):
            stop = _units_end(data, at, end, 0x78, 2)
        if stop == at and base64_end <= at:
            base64_end = _base64_end(data, at, end)
            if base64_end - at >= FEWEST_BASE64:
                stop = base64_end
        if stop == at:
            at += 1
            continue
        encoded += stop - at
        longest = max(longest, stop - at)
        at = base64_end = stop
    return encoded, longest


@borrowing_kernel
def _units_end(data: np.ndarray, start: int, end: int, sign: int, digits: int) -> int:
    """Where a run of escapes (`sign` u) or bytes (`sign` x) ends; `start` where there are too few of them."""
    at, stop, units = start, start, 0
    while at + 2 + digits <= end and _starts_unit(data, at, sign):
        for place in range(at + 2, at + 2 + digits):
            if not _is_hexadecimal(data[place]):
                return stop if units >= FEWEST_UNITS else start
        at = stop = at + 2 + digits
        units += 1
        while sign == 0x78 and at < end and (data[at] == 0x2C or data[at] == 0x20 or 9 <= data[at] <= 13):
            at += 1
    return stop if units >= FEWEST_UNITS else start


@inlined_kernel
def _starts_unit(data: np.ndarray, at: int, sign: int) -> bool:
    return bool(data[at + 1] == sign and (data[at] == 0x5C or (sign == 0x78 and data[at] == 0x30)))


@inlined_kernel
def _is_hexadecimal(byte: int) -> bool:
    return 0x30 <= byte <= 0x39 or 0x41 <= byte <= 0x46 or 0x61 <= byte <= 0x66


@borrowing_kernel
def _base64_end(data: np.ndarray, at: int, end: int) -> int:
    while at < end and (
        0x61 <= data[at] <= 0x7A
        or 0x41 <= data[at] <= 0x5A
        or 0x2F <= data[at] <= 0x39
        or data[at] == 0x2B
        or data[at] == 0x3D
    ):
        at += 1
    return at
