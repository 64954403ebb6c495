"""Character references: `&amp;`, `&#38;`, `&#x26;`, and the old ones that need no semicolon."""

from html.entities import html5

import numpy as np

from massivetext.filters.html.names import BASIS, add, look_up, table
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.utf8 import encode

LONGEST = max(map(len, html5))  # with the semicolon, without the ampersand
LONGEST_OLD = max(len(name) for name in html5 if not name.endswith(";"))
_EXPANSIONS = [sign.encode() for sign in html5.values()]
EXPANSIONS = np.array([int.from_bytes(expansion, "little") for expansion in _EXPANSIONS], np.uint64)
WIDTHS = np.array([len(expansion) for expansion in _EXPANSIONS], np.int64)
# Names that differ in case alone are different references, so the names are not lower-cased.
KEYS, NUMBERS = table({name: number for number, name in enumerate(html5)})
WINDOWS_1252 = np.array([ord(bytes([byte]).decode("cp1252", "replace")) for byte in range(0x80, 0xA0)])
REPLACEMENT = 0xFFFD


@borrowing_kernel
def read_reference(html: np.ndarray, at: int, end: int) -> tuple[np.uint64, int, int]:
    """Reads the reference after the ampersand before html[at]: (its character in UTF-8, the first byte lowest; how many
    bytes that is; where to go on). The number of bytes is 0 if this is not a reference.
    """
    if at < end and html[at] == 0x23:
        return _read_number(html, at + 1, end)
    key, place, found, after = BASIS, at, -1, at
    while place < end and place - at < LONGEST:
        byte = whole(html[place])
        if byte != 0x3B and not (0x30 <= byte <= 0x39 or 0x41 <= byte <= 0x5A or 0x61 <= byte <= 0x7A):
            break
        key = add(key, byte)
        place += 1
        if byte == 0x3B or place - at <= LONGEST_OLD:
            number = look_up(KEYS, NUMBERS, key)
            if number >= 0:
                found, after = number, place
        if byte == 0x3B:
            break
    if found < 0:
        return np.uint64(0), 0, at
    return EXPANSIONS[found], whole(WIDTHS[found]), after


@borrowing_kernel
def _read_number(html: np.ndarray, at: int, end: int) -> tuple[np.uint64, int, int]:
    base, point, start = 10, 0, at
    if at < end and html[at] | 0x20 == 0x78:
        base, start = 16, at + 1
    place = start
    while place < end:
        digit = whole(html[place]) - 0x30
        if digit > 9 and base == 16:
            digit = (digit | 0x20) - 0x27
            if digit < 10:
                break
        if not 0 <= digit < base:
            break
        point = min(point * base + digit, 0x110000)
        place += 1
    if place == start:
        return np.uint64(0), 0, at - 1
    if place < end and html[place] == 0x3B:
        place += 1
    if 0x80 <= point < 0xA0:
        point = whole(WINDOWS_1252[point - 0x80])
    if point == 0 or point >= 0x110000 or 0xD800 <= point < 0xE000:
        point = REPLACEMENT
    encoded, width = encode(point)
    return encoded, width, place
