"""The script that most of a text's letters belong to, by its ISO 15924 code, and whether most are capitals.

`Hani` is Chinese and `Jpan` Japanese: Han with kana. `Zyyy` is any script that is not listed here.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.kernels.bits import below, byte, find, ones, trailing_zeros, whole
from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.unicode import LETTER, UPPER
from massivetext.filters.kernels.utf8 import decode, properties, views
from massivetext.filters.kernels.widths import BLOCK

# First code points of stretches of one script; a stretch ends where the next starts.
_STRETCHES = (
    *(
        (0x0000, "Latn"),
        (0x0370, "Grek"),
        (0x0400, "Cyrl"),
        (0x0530, "Armn"),
        (0x0590, "Hebr"),
        (0x0600, "Arab"),
    ),
    *(
        (0x0700, "Syrc"),
        (0x0750, "Arab"),
        (0x0780, "Thaa"),
        (0x07C0, "Nkoo"),
        (0x0800, "Zyyy"),
        (0x0860, "Syrc"),
    ),
    *(
        (0x0870, "Arab"),
        (0x0900, "Deva"),
        (0x0980, "Beng"),
        (0x0A00, "Guru"),
        (0x0A80, "Gujr"),
        (0x0B00, "Orya"),
    ),
    *(
        (0x0B80, "Taml"),
        (0x0C00, "Telu"),
        (0x0C80, "Knda"),
        (0x0D00, "Mlym"),
        (0x0D80, "Sinh"),
        (0x0E00, "Thai"),
    ),
    *(
        (0x0E80, "Laoo"),
        (0x0F00, "Tibt"),
        (0x1000, "Mymr"),
        (0x10A0, "Geor"),
        (0x1100, "Hang"),
        (0x1200, "Ethi"),
    ),
    *(
        (0x13A0, "Cher"),
        (0x1400, "Cans"),
        (0x1680, "Ogam"),
        (0x16A0, "Runr"),
        (0x1700, "Zyyy"),
        (0x1780, "Khmr"),
    ),
    *(
        (0x1800, "Mong"),
        (0x18B0, "Cans"),
        (0x1900, "Limb"),
        (0x1950, "Tale"),
        (0x1980, "Talu"),
        (0x19E0, "Khmr"),
    ),
    *(
        (0x1A00, "Bugi"),
        (0x1A20, "Lana"),
        (0x1AB0, "Zyyy"),
        (0x1B00, "Bali"),
        (0x1B80, "Sund"),
        (0x1BC0, "Batk"),
    ),
    *(
        (0x1C00, "Lepc"),
        (0x1C50, "Olck"),
        (0x1C80, "Cyrl"),
        (0x1C90, "Geor"),
        (0x1CC0, "Zyyy"),
        (0x1D00, "Latn"),
    ),
    *(
        (0x1F00, "Grek"),
        (0x2000, "Latn"),
        (0x2C00, "Glag"),
        (0x2C60, "Latn"),
        (0x2C80, "Copt"),
        (0x2D00, "Geor"),
    ),
    *(
        (0x2D30, "Tfng"),
        (0x2D80, "Ethi"),
        (0x2DE0, "Cyrl"),
        (0x2E00, "Zyyy"),
        (0x2E80, "Hani"),
        (0x3040, "Jpan"),
    ),
    *(
        (0x3100, "Bopo"),
        (0x3130, "Hang"),
        (0x3190, "Hani"),
        (0x31F0, "Jpan"),
        (0x3200, "Zyyy"),
        (0x3400, "Hani"),
    ),
    *(
        (0xA000, "Yiii"),
        (0xA4D0, "Lisu"),
        (0xA500, "Vaii"),
        (0xA640, "Cyrl"),
        (0xA6A0, "Bamu"),
        (0xA700, "Latn"),
    ),
    *(
        (0xA800, "Sylo"),
        (0xA840, "Phag"),
        (0xA880, "Saur"),
        (0xA8E0, "Deva"),
        (0xA900, "Kali"),
        (0xA930, "Rjng"),
    ),
    *(
        (0xA960, "Hang"),
        (0xA980, "Java"),
        (0xA9E0, "Mymr"),
        (0xAA00, "Cham"),
        (0xAA60, "Mymr"),
        (0xAA80, "Tavt"),
    ),
    *(
        (0xAAE0, "Mtei"),
        (0xAB00, "Ethi"),
        (0xAB30, "Latn"),
        (0xAB70, "Cher"),
        (0xABC0, "Mtei"),
        (0xAC00, "Hang"),
    ),
    *(
        (0xD800, "Zyyy"),
        (0xF900, "Hani"),
        (0xFB00, "Latn"),
        (0xFB13, "Armn"),
        (0xFB1D, "Hebr"),
        (0xFB50, "Arab"),
    ),
    *(
        (0xFE00, "Zyyy"),
        (0xFE70, "Arab"),
        (0xFF00, "Latn"),
        (0xFF66, "Jpan"),
        (0xFFA0, "Hang"),
        (0xFFE0, "Zyyy"),
    ),
    *((0x1E900, "Adlm"), (0x1E960, "Zyyy"), (0x20000, "Hani"), (0x33480, "Zyyy")),
)
CODES = tuple(dict.fromkeys(code for _, code in _STRETCHES))
_FIRSTS = np.array([first for first, _ in _STRETCHES])
_OF_STRETCH = np.array([CODES.index(code) for _, code in _STRETCHES], np.uint8)
_LAST = 0x40000
_SCRIPTS = _OF_STRETCH[np.searchsorted(_FIRSTS, np.arange(_LAST), "right") - 1]
_HANI, _JPAN, _ZYYY = (CODES.index(code) for code in ("Hani", "Jpan", "Zyyy"))


def survey(texts: pa.StringArray) -> tuple[pa.StringArray, npt.NDArray[np.bool_]]:
    """The script of each text, null where it has no letter, and whether more than half of its letters are capitals."""
    offsets, data = views(texts)
    scripts = np.empty(len(texts), np.int64)
    capital = np.empty(len(texts), np.bool_)
    _survey(offsets, data, np.empty(len(CODES), np.int64), scripts, capital)
    return pa.array(CODES).take(pa.array(scripts, mask=scripts < 0)), capital


@borrowing_kernel
def _survey(
    offsets: np.ndarray, data: np.ndarray, counts: np.ndarray, scripts: np.ndarray, capital: np.ndarray
) -> None:
    for row in range(len(scripts)):
        counts[:] = 0
        upper, letters = 0, 0
        start, end = whole(offsets[row]), whole(offsets[row + 1])
        for block in range(start, end, BLOCK):
            inside = below(end - block)
            capitals = ones(find(data, block, byte(0x41), byte(0x5A)) & inside)
            letters += capitals + ones(find(data, block, byte(0x61), byte(0x7A)) & inside)
            upper += capitals
            foreign = (
                find(data, block, byte(0xC2), byte(0xF4)) & inside
            )  # where code points beyond ASCII start
            while foreign:
                point, _ = decode(data, block + trailing_zeros(foreign), end)
                foreign &= foreign - np.uint64(1)
                found = properties(point)
                if found & LETTER:
                    counts[_SCRIPTS[point] if point < _LAST else _ZYYY] += 1
                    upper += found & UPPER != 0
        counts[0] += letters
        letters = counts.sum()
        capital[row] = 2 * upper > letters
        # A Japanese text holds some 40 % kana, a Chinese one that quotes Japanese far less than a tenth.
        if 10 * counts[_JPAN] >= counts[_HANI]:
            counts[_JPAN] += counts[_HANI] * (counts[_JPAN] > 0)
            counts[_HANI] *= counts[_JPAN] == 0
        else:
            counts[_HANI] += counts[_JPAN]
            counts[_JPAN] = 0
        scripts[row] = np.argmax(counts) if letters else -1
