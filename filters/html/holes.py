"""Fills the holes in an article: what stands between its first and its last block, and is neither chrome nor a copy.

The rules for articles leave out groups that lead elsewhere. In texts of many sections (documentation, services) such
groups are part of the text. A page that declares itself an article keeps its holes, unless its headings link to
themselves, as those of documentation do. So does a page with prices in them: there, the groups are offers of products.
"""

import numpy as np

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import BLOCKS, CODE, ELEMENTS, HEADING, SAYS_ARTICLE, SAYS_TEXT, Page
from massivetext.filters.html.signs import PERMALINK
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel

SECTIONS, CODES = 5, 2  # headings, or blocks of code, from which on a text is one of many sections
PERMALINKS = 3  # headings that link to themselves, from which on a text is documentation
DOLLAR, BLANK = b"$ "
EURO, POUND = "€".encode(), "£".encode()


@borrowing_kernel
def fill_holes(page: Page, article: Choice, parts: Choice) -> None:
    """Keeps in `article` what `parts` keeps between the article's first and last block, and in documentation in all
    sections after the first block.
    """
    first = last = -1
    sections = codes = permalinks = 0
    for block in range(page.open[BLOCKS]):
        if article.kept[block]:
            first = block if first < 0 else first
            last = block
            sections += page.kinds[block] == HEADING
            codes += page.kinds[block] == CODE
        permalinks += _has_permalink(page, block)
    if permalinks >= PERMALINKS and first >= 0:
        _keep_sections(page, article, parts, first)
    elif page.open[SAYS_ARTICLE] or page.open[SAYS_TEXT] or (sections < SECTIONS and codes < CODES):
        return
    for block in range(first + 1, last):
        hole = parts.kept[block] and not article.kept[block]
        if hole and page.kinds[block] != CODE and _has_price(page, block):
            return
    for block in range(first + 1, last):
        article.kept[block] |= parts.kept[block]


@borrowing_kernel
def _has_permalink(page: Page, block: int) -> bool:
    """Whether a block is a heading that links to itself."""
    return page.kinds[block] == HEADING and bool(page.signs[page.elements[block]] & PERMALINK)


@borrowing_kernel
def _keep_sections(page: Page, article: Choice, parts: Choice, first: int) -> None:
    """Keeps in `article` what `parts` keeps after each heading with a link to itself, from the block `first` on, in the
    element around the heading: lists of links are often the last section of documentation.
    """
    starts = article.links  # where a section in an element, or in one around it, starts; 0 if there is none
    starts[:] = 0
    for block in range(max(first, 1), page.open[BLOCKS]):
        around = max(page.parents[page.elements[block]], 0)
        if _has_permalink(page, block) and starts[around] == 0:
            starts[around] = block
    for number in range(1, page.open[ELEMENTS]):
        above = starts[page.parents[number]]
        if above and (starts[number] == 0 or above < starts[number]):
            starts[number] = above
    for block in range(page.open[BLOCKS]):
        start = starts[page.elements[block]]
        article.kept[block] |= parts.kept[block] and 0 < start <= block


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
