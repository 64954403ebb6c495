"""Folds code points, so that one text has the same terms in every way that Unicode can write it.

A letter folds to the letters of its compatibility decomposition (NFKD): full-width and mathematical letters to plain
ones, a ligature to its letters. Accents, points of Hebrew and Arabic, and signs that nobody sees fold to nothing, so
`é` is `e` whether it is one code point or two. A Hangul syllable folds to its letters.
"""

import unicodedata
from typing import cast

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.kernel import inlined_kernel
from massivetext.filters.kernels.later import Later

Numbers = npt.NDArray[np.int32]

PAGE = 256
END = 0x30000
"""No code point from here on folds to another."""

_RANGES = (
    (0x00AD, 0x00AE),  # soft hyphen
    (0x0300, 0x0370),  # accents; so are the next two
    (0x0483, 0x048A),
    (0x1AB0, 0x1B00),
    (0x1DC0, 0x1E00),
    (0x20D0, 0x2100),
    (0xFE20, 0xFE30),
    (0x0591, 0x05BE),  # points of Hebrew; so are the next
    (0x05BF, 0x05C0),
    (0x05C1, 0x05C3),
    (0x05C4, 0x05C6),
    (0x05C7, 0x05C8),
    (0x0610, 0x061B),  # points of Arabic; so are the next
    (0x061C, 0x061D),  # a sign of direction
    (0x0640, 0x0641),  # Arabic's sign that makes a word longer
    (0x064B, 0x0660),
    (0x0670, 0x0671),
    (0x06D6, 0x06DD),
    (0x06DF, 0x06E5),
    (0x06E7, 0x06E9),
    (0x06EA, 0x06EE),
    (0x08D3, 0x0900),
    (0x180B, 0x180F),  # signs of Mongolian that nobody sees
    (0x200B, 0x2010),  # zero-width spaces and joiners, signs of direction; so are the next two
    (0x202A, 0x202F),
    (0x2060, 0x2070),
    (0x3099, 0x309B),  # signs that make kana voiced
    (0xFE00, 0xFE10),  # variation selectors
    (0xFEFF, 0xFF00),
)
_DROPPED = frozenset(point for start, end in _RANGES for point in range(start, end))


def folded(point: int) -> list[int]:
    """Returns what a code point folds to."""
    sign = chr(point)
    if (digit := unicodedata.decimal(sign, None)) is not None:
        return [ord("0") + int(digit)]
    kept = [ord(each) for each in unicodedata.normalize("NFKD", sign) if ord(each) not in _DROPPED]
    is_word = all(unicodedata.category(chr(each))[0] in "LNM" for each in kept)
    return kept if is_word else [point]  # a number in brackets stays one


def _tables() -> tuple[Numbers, Numbers, Numbers]:
    """Returns two stages, and the sequences. The stages give the distance to a code point, or to -1 - the place of a
    sequence, which begins with its length."""
    values, sequences = np.arange(END, dtype=np.int32), [0]
    for point in range(0x80, END):
        sign = chr(point)
        is_syllable = 0xAC00 <= point < 0xD7A4  # of Hangul, whose decomposition follows from a rule
        stays = not unicodedata.decomposition(sign) and not sign.isdecimal() and not is_syllable
        if stays and point not in _DROPPED:
            continue
        found = folded(point)
        if len(found) == 1:
            values[point] = found[0]
        else:
            values[point] = -1 - (len(sequences) if found else 0)
            sequences += [len(found), *found] if found else []
    shifts = (values - np.arange(END, dtype=np.int32)).reshape(-1, PAGE)
    pages, index = np.unique(shifts, axis=0, return_inverse=True)
    return index.astype(np.int32).reshape(-1), pages.astype(np.int32), np.array(sequences, np.int32)


_TABLES = Later(_tables)

# Kernels see the arrays themselves.
_INDEX = cast(Numbers, Later(lambda: _TABLES.made[0]))
_PAGES = cast(Numbers, Later(lambda: _TABLES.made[1]))
_SEQUENCES = cast(Numbers, Later(lambda: _TABLES.made[2]))


@inlined_kernel
def fold(point: int) -> int:
    """Returns the code point that one folds to; if that is not just one, a number below 0 for the next two."""
    if point >= END:
        return point
    return int(point + _PAGES[_INDEX[point >> 8], point & 255])


@inlined_kernel
def size(folds: int) -> int:
    """Returns the number of code points of what `fold` gave."""
    return 1 if folds >= 0 else int(_SEQUENCES[-1 - folds])


@inlined_kernel
def nth(folds: int, number: int) -> int:
    """Returns one of the code points of what `fold` gave."""
    return folds if folds >= 0 else int(_SEQUENCES[number - folds])
