"""Weighs how much running text a block holds: text that is long, punctuated and outside links."""

import numpy as np

from massivetext.filters.html.page import BLOCKS, CODE, ELEMENTS, HEADING, JOINED, PARAGRAPH, Page
from massivetext.filters.html.tags import CELLS
from massivetext.filters.html.tree import is_in
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.utf8 import decode

SHORT, LONG = 60, 150  # characters: no shorter block is running text; longer ones need no punctuation
DIGITS = 0.15  # share of digits above which a block shorter than LONG counts as dates or numbers
FIRM_LINKS = 0.2  # share of links from which on a list item or a row is not firm (filters.html.tidy)
BLOCK_LINKS = 0.6  # share of links above which a block counts as links
HEADLINE = 90  # characters: a longer heading is running text in large type
CELL_DEPTH = 4  # most elements from code up to its cell
BRACE, SQUARE, QUOTE, BLANK, NEWLINE = b'{[" \n'
PUNCTUATION = np.array([ord(sign) for sign in '.!?:;,。！？，、।؟،…»”"'])


@borrowing_kernel
def measure(page: Page, block: int) -> int:
    """A block's size in characters. A kana, a Chinese character or a hangul (U+3000 to U+DFFF) counts as three, since
    its script writes a word with few characters.
    """
    size = 0
    for at in range(page.starts[block], page.stops[block]):
        byte = whole(page.text[at])
        size += (byte & 0xC0 != 0x80) + 2 * (0xE3 <= byte <= 0xED)
    return size


@borrowing_kernel
def weigh(page: Page, block: int, size: float, linked: float) -> float:
    """A block's running text in characters: its size without its links, times 0.6 unless the block is a paragraph. It
    is 0 for a block that is not running text, and the whole size for code.
    """
    kind = page.kinds[block]
    if kind == JOINED:
        return 0.0
    if kind == CODE:
        return float(size)
    if 2 * linked > size or (kind == HEADING and size < HEADLINE):
        return 0.0
    if size < SHORT or (size < LONG and kind != HEADING and not _is_prose(page, block)):
        return 0.0
    weight: float = (size - linked) * (1.0 if kind == PARAGRAPH else 0.6)
    return weight


@borrowing_kernel
def _is_prose(page: Page, block: int) -> bool:
    """Whether a block has punctuation, and few digits."""
    at, stop = whole(page.starts[block]), whole(page.stops[block])
    punctuated, signs, digits = False, 0, 0
    while at < stop:
        point, width = decode(page.text, at, stop)
        signs += 1
        digits += 0x30 <= point <= 0x39
        if not punctuated:
            for sign in PUNCTUATION:
                punctuated |= point == sign
        at += width
    return punctuated and digits < DIGITS * signs


@borrowing_kernel
def add_up(page: Page, values: np.ndarray, kept: np.ndarray, sums: np.ndarray) -> None:
    """Writes to `sums`, for each element, the sum of the values of the kept blocks in it and in its descendants."""
    elements = page.open[ELEMENTS]
    sums[:elements] = 0
    for block in range(page.open[BLOCKS]):
        if kept[block]:
            sums[page.elements[block]] += values[block]
    for number in range(elements - 1, 0, -1):
        sums[page.parents[number]] += sums[number]


@borrowing_kernel
def count_kept(page: Page, kept: np.ndarray, counts: np.ndarray) -> None:
    """Writes to `counts`, for each element, the number of the kept blocks in it and in its descendants."""
    counts[:] = 0
    for block in range(page.open[BLOCKS]):
        counts[page.elements[block]] += kept[block]
    for number in range(page.open[ELEMENTS] - 1, 0, -1):
        counts[page.parents[number]] += counts[number]


@borrowing_kernel
def is_data(page: Page, block: int) -> bool:
    """Whether a block is JSON outside code: an object, or a list of objects, that starts with a name in quotes."""
    at, stop = page.starts[block], page.stops[block]
    while at < stop and (page.text[at] == SQUARE or page.text[at] <= BLANK):
        at += 1
    if page.kinds[block] == CODE or at == stop or page.text[at] != BRACE:
        return False
    at += 1
    while at < stop and page.text[at] <= BLANK:
        at += 1
    return bool(at < stop and page.text[at] == QUOTE)


@borrowing_kernel
def is_line_numbers(page: Page, block: int) -> bool:
    """Whether a block of code in a table's cell is nothing but the numbers of the lines in the next cell."""
    if page.kinds[block] != CODE:
        return False
    element = whole(page.elements[block])
    for _ in range(CELL_DEPTH):
        if element > 0 and not is_in(whole(page.tags[element]), CELLS):
            element = whole(page.parents[element])
    if not is_in(whole(page.tags[element]), CELLS):
        return False
    number, last, count = -1, -1, 0
    for at in range(page.starts[block], page.stops[block] + 1):
        byte = whole(page.text[at]) if at < page.stops[block] else NEWLINE
        if 0x30 <= byte <= 0x39:
            number = 10 * max(number, 0) + byte - 0x30
        elif byte > BLANK or (count and number >= 0 and number != last + 1):
            return False
        elif number >= 0:
            last, number, count = number, -1, count + 1
    return count > 1
