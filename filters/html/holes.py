"""Fills the holes in an article: what stands between its first and its last block, and is neither chrome nor a copy.

The rules for articles leave out groups that lead elsewhere. In texts of many sections (documentation, services) such
groups are part of the text. A page that declares itself an article keeps its holes, and so does one with prices in
them: there, the groups are offers of other products.
"""

import numpy as np

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import BLOCKS, CODE, HEADING, SAYS_ARTICLE, SAYS_TEXT, Page
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel

SECTIONS, CODES = 5, 2  # headings, or blocks of code, from which on a text is one of many sections
DOLLAR, BLANK = b"$ "
EURO, POUND = "€".encode(), "£".encode()


@borrowing_kernel
def fill_holes(page: Page, article: Choice, parts: Choice) -> None:
    """Keeps in `article` what `parts` keeps between the article's first and last block."""
    first = last = -1
    sections = codes = 0
    for block in range(page.open[BLOCKS]):
        if article.kept[block]:
            first = block if first < 0 else first
            last = block
            sections += page.kinds[block] == HEADING
            codes += page.kinds[block] == CODE
    if page.open[SAYS_ARTICLE] or page.open[SAYS_TEXT] or (sections < SECTIONS and codes < CODES):
        return
    for block in range(first + 1, last):
        if parts.kept[block] and not article.kept[block] and _has_price(page, block):
            return
    for block in range(first + 1, last):
        article.kept[block] |= parts.kept[block]


@borrowing_kernel
def _has_price(page: Page, block: int) -> bool:
    """Whether a block holds a number with a currency sign before or after it."""
    text, start, stop = page.text, whole(page.starts[block]), whole(page.stops[block])
    for at in range(start, stop):
        if 0x30 <= text[at] <= 0x39:
            before, after = at - 1, at + 1
            before -= before >= start and text[before] == BLANK
            after += after < stop and text[after] == BLANK
            if before >= start and (text[before] == DOLLAR or _is_sign(text, before - 1, start, stop)):
                return True
            if _is_sign(text, after, start, stop) or _is_sign(text, before - 2, start, stop):
                return True
    return False


@inlined_kernel
def _is_sign(text: np.ndarray, at: int, start: int, stop: int) -> bool:
    """Whether a pound or euro sign starts at text[at]."""
    if at < start or at + 2 > stop:
        return False
    if text[at] == POUND[0]:
        return bool(text[at + 1] == POUND[1])
    return bool(
        at + 3 <= stop and text[at] == EURO[0] and text[at + 1] == EURO[1] and text[at + 2] == EURO[2]
    )
