"""The properties of code points that the rules use, as two-stage tables.

They come from Python's `unicodedata` (Python 3.11: Unicode 14, 3.12: 15, 3.13: 15.1). A code point's entry is
`PAGES[INDEX[point >> 8], point & 255]`; a page that many blocks share is stored once.
"""

import unicodedata
from collections import defaultdict
from typing import cast

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.later import Later

Properties = npt.NDArray[np.uint8]

POINTS = 0x110000
PAGE = 256

# Each property is one bit.
LETTER = 1  # general category L
NUMBER = 2  # general category N
TRIMMED = 4  # general categories P and S
WHITE_SPACE = 8  # the property White_Space
UPPER = 16  # a code point beyond ASCII that lower-casing changes

# The three highest bits are a code point's part in a unit (filters.measure.divide), for scripts that put no spaces
# between words: one of the seven numbers below. They are 0 in every other script.
PART = 0xE0
STARTS = 1 << 5  # starts a unit: an ideograph, a consonant
FOLLOWS = 2 << 5  # belongs to the unit before it: a vowel sign, a tone mark
LEADS = 3 << 5  # starts a unit that the next letter belongs to: Thai's and Lao's vowels before a consonant
BINDS = 4 << 5  # belongs to the unit before it, as does the next letter: Khmer's coeng
KILLS = 5 << 5  # adds the consonant before it to the end of the unit before that: Burmese asat
STACKS = 6 << 5  # KILLS and BINDS: Burmese virama
RUNS = 7 << 5  # a run of these is one unit: katakana, a Tibetan syllable's letters, an Ethiopic word's

# The property White_Space (PropList.txt, stable since Unicode 6.3). `str.isspace` differs: it has U+001C to U+001F,
# too.
SPACES = (
    *range(0x09, 0x0E),
    *(0x20, 0x85, 0xA0, 0x1680),
    *range(0x2000, 0x200B),
    *(0x2028, 0x2029, 0x202F, 0x205F, 0x3000),
)

# Blocks of scripts whose words white space does not separate. A letter in a block of _STARTING starts a unit, unless it
# is listed below.
_STARTING = (
    (0x0E00, 0x0F00),  # Thai, Lao
    (0x1000, 0x10A0),  # Burmese
    (0x1780, 0x1800),  # Khmer
    (0x1950, 0x19E0),  # Tai Le, New Tai Lue
    (0x1A00, 0x1A20),  # Buginese
    (0x1A20, 0x1AB0),  # Tai Tham
    (0x1B00, 0x1B80),  # Balinese
    (0x1BC0, 0x1C00),  # Batak
    (0x3005, 0x3008),  # ideographic iteration mark, closing mark and zero
    (0x3040, 0x30A0),  # hiragana
    (0x3400, 0x4DC0),  # Han; so is the next
    (0x4E00, 0xA000),
    (0xA000, 0xA490),  # Yi
    (0xA980, 0xA9E0),  # Javanese
    (0xA9E0, 0xAA00),  # Burmese, extended; so is the next
    (0xAA60, 0xAA80),
    (0xAA80, 0xAAE0),  # Tai Viet
    (0xF900, 0xFB00),  # Han; so is the next
    (0x20000, 0x40000),
    (0x17000, 0x18D00),  # Tangut and Khitan
    (0x1B170, 0x1B300),  # Nushu
    (0xFE00, 0xFE10),  # variation selectors, which are marks; so are the next
    (0xE0100, 0xE01F0),
)
_RUNNING = (
    (0x0F00, 0x1000),  # Tibetan
    (0x1200, 0x13A0),  # Ethiopic, whose old word separator is no white space; so are the next three
    (0x2D80, 0x2DE0),
    (0xAB00, 0xAB30),
    (0x1E7E0, 0x1E800),
    (0x30A0, 0x3100),  # katakana; so are the next two
    (0x31F0, 0x3200),
    (0xFF66, 0xFFA0),
)
_FOLLOWING = "ะาำฯๅະາຳຯຽ"  # letters by category that are vowels or abbreviation signs of the unit before
_LEADING = "เแโใไເແໂໃໄ"
_SINGLE = {
    **dict.fromkeys((0x17D2, 0x1A60, 0x1B44, 0xA9C0), BINDS),
    0x1039: STACKS,
    0x103A: KILLS,
    0x3005: STARTS,
    0x3007: STARTS,
}

# Where categories L, N, P, S occur; planes 4 to 13 are unassigned, 15 and 16 for private use.
ASSIGNED = range(0x40000)

# Planes 0 and 1 hold every letter that has case.
CASED = range(0x20000)


def simple_lower(point: int) -> int:
    """The simple lower-case mapping (UnicodeData.txt, field 13): one code point to one."""
    lower = chr(point).lower()
    # `str.lower` gives the full mapping, which is longer for U+0130 alone.
    return ord(lower) if len(lower) == 1 else 0x69


def _lower_shift() -> npt.NDArray[np.int32]:
    shift = np.zeros(POINTS, np.int32)
    shift[CASED] = [simple_lower(point) - point for point in CASED]
    return shift


def _properties(lower_shift: npt.NDArray[np.int32]) -> npt.NDArray[np.uint8]:
    of_class = defaultdict(int, L=LETTER, N=NUMBER, P=TRIMMED, S=TRIMMED)
    properties = np.zeros(POINTS, np.uint8)
    properties[ASSIGNED] = [of_class[unicodedata.category(sign)[0]] for sign in map(chr, ASSIGNED)]
    properties[list(SPACES)] = WHITE_SPACE
    properties[128:][lower_shift[128:] != 0] |= UPPER
    properties |= _parts()
    return properties


def _parts() -> npt.NDArray[np.uint8]:
    """Each code point's part in a unit: letters start one or run on, marks and modifiers follow."""
    parts = np.zeros(POINTS, np.uint8)
    for blocks, part in ((_STARTING, STARTS), (_RUNNING, RUNS)):
        for point in (point for block in blocks for point in range(*block)):
            category = unicodedata.category(chr(point))
            if category == "Lo":
                parts[point] = part
            elif category[0] == "M" or category == "Lm":
                parts[point] = RUNS if 0x0F00 <= point < 0x1000 else FOLLOWS
    parts[[ord(sign) for sign in _FOLLOWING]] = FOLLOWS
    parts[[ord(sign) for sign in _LEADING]] = LEADS
    parts[list(_SINGLE)] = list(_SINGLE.values())
    return parts


def _two_stages(values: npt.NDArray[np.generic]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.generic]]:
    numbers: dict[bytes, int] = {}  # by page; np.unique would sort the pages, which takes most of a second
    index = [numbers.setdefault(page.tobytes(), len(numbers)) for page in values.reshape(-1, PAGE)]
    if len(numbers) > PAGE:
        raise ValueError(f"{len(numbers)} different pages do not fit an index of one byte")
    pages = np.frombuffer(b"".join(numbers), values.dtype).reshape(-1, PAGE)
    return np.array(index, np.uint8), pages


_LOWER_SHIFT = Later(_lower_shift)
_PROPERTIES = Later(lambda: _properties(_LOWER_SHIFT.made))
_STAGES = Later(lambda: _two_stages(_PROPERTIES.made))
_LOWER_STAGES = Later(lambda: _two_stages(_LOWER_SHIFT.made))

# Kernels see the arrays themselves.
ASCII = cast(Properties, Later(lambda: _PROPERTIES.made[:128].copy()))
INDEX = cast(Properties, Later(lambda: _STAGES.made[0]))
PAGES = cast(Properties, Later(lambda: _STAGES.made[1]))
LOWER_INDEX = cast(Properties, Later(lambda: _LOWER_STAGES.made[0]))
LOWER_PAGES = cast(npt.NDArray[np.int32], Later(lambda: _LOWER_STAGES.made[1]))
"""The distance from a code point to its simple lower case."""
