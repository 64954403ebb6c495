"""What the rules need to know of each code point, as two-stage tables.

From Python's `unicodedata` (Python 3.11: Unicode 14, 3.12: 15, 3.13: 15.1). A code point's entry is
`PAGES[INDEX[point >> 8], point & 255]`; a page that many blocks share is stored once.
"""

import unicodedata
from collections import defaultdict

import numpy as np
import numpy.typing as npt

POINTS = 0x110000
PAGE = 256

# One bit a property.
LETTER = 1  # general category L
NUMBER = 2  # general category N
TRIMMED = 4  # general categories P and S
WHITE_SPACE = 8  # the property White_Space
UPPER = 16  # beyond ASCII, and another code point when lower-cased

# The property White_Space (PropList.txt, stable since Unicode 6.3). `str.isspace` is another set: it has
# U+001C to U+001F too.
SPACES = (
    *range(0x09, 0x0E),
    *(0x20, 0x85, 0xA0, 0x1680),
    *range(0x2000, 0x200B),
    *(0x2028, 0x2029, 0x202F, 0x205F, 0x3000),
)

# Where categories L, N, P, S occur; planes 4 to 13 are unassigned, 15 and 16 for private use.
ASSIGNED = range(0x40000)

# Planes 0 and 1 hold every letter that has case.
CASED = range(0x20000)


def simple_lower(point: int) -> int:
    """The simple lower-case mapping (UnicodeData.txt, field 13): one code point to one."""
    lower = chr(point).lower()
    # U+0130 alone has a longer full mapping, which is what `str.lower` gives.
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
    return properties


def _two_stages(values: npt.NDArray[np.generic]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.generic]]:
    numbers: dict[bytes, int] = {}  # of the pages; np.unique sorts them, which takes most of a second
    index = [numbers.setdefault(page.tobytes(), len(numbers)) for page in values.reshape(-1, PAGE)]
    if len(numbers) > PAGE:
        raise ValueError(f"{len(numbers)} different pages do not fit an index of one byte")
    pages = np.frombuffer(b"".join(numbers), values.dtype).reshape(-1, PAGE)
    return np.array(index, np.uint8), pages


_LOWER_SHIFT = _lower_shift()
_PROPERTIES = _properties(_LOWER_SHIFT)

ASCII = _PROPERTIES[:128].copy()
INDEX, PAGES = _two_stages(_PROPERTIES)
LOWER_INDEX, LOWER_PAGES = _two_stages(_LOWER_SHIFT)
"""A code point's simple lower case, less the code point: int32."""
