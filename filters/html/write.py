"""Writes the chosen blocks: blank lines between paragraphs, list items with a bullet or number, code verbatim."""

import numpy as np

from massivetext.filters.html.blocks import BLANK, NEWLINE
from massivetext.filters.html.page import HEADING, ITEM, ROW, Page
from massivetext.filters.html.tags import ITEMS, OL
from massivetext.filters.html.tree import is_in
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel

FULL_STOP = 0x2E
PILCROW = "¶".encode()
BULLET = np.frombuffer("• ".encode(), np.uint8)
INDENTED = 8  # most levels by which a list item is indented
DEEP = 4  # most elements from the one that holds an item's text up to the item
NUMBER = 12  # most bytes of an item's number
MOST_ADDED = 2 + 2 * INDENTED + NUMBER  # most bytes that are written before a block's text


@inlined_kernel
def _end(page: Page, block: int) -> int:
    """Where a block's text ends. A pilcrow at the end of a heading, which links to the heading, is not text."""
    start, stop = whole(page.starts[block]), whole(page.stops[block])
    if page.kinds[block] == HEADING and stop - start > 2 and _is_pilcrow(page.text, stop - 2):
        stop -= 2
        while stop > start and page.text[stop - 1] == BLANK:
            stop -= 1
    return stop


@inlined_kernel
def _is_pilcrow(text: np.ndarray, at: int) -> bool:
    return bool(text[at] == PILCROW[0] and text[at + 1] == PILCROW[1])


@borrowing_kernel
def _mark(page: Page, block: int, written: np.ndarray, out: int) -> int:
    """Writes a list item's number, if its list is ordered, or its bullet; returns the place after it."""
    item = whole(page.elements[block])
    for _ in range(DEEP):
        if item > 0 and not is_in(whole(page.tags[item]), ITEMS):
            item = whole(page.parents[item])
    if item > 0 and page.tags[page.parents[item]] == OL and page.orders[item] >= 0:
        number, digits = whole(page.orders[item]), 1
        while number >= 10**digits:
            digits += 1
        for place in range(digits):
            written[out + digits - 1 - place] = 0x30 + number % 10
            number //= 10
        written[out + digits], written[out + digits + 1] = FULL_STOP, BLANK
        return out + digits + 2
    for byte in BULLET:
        written[out] = byte
        out += 1
    return out


@borrowing_kernel
def write(page: Page, kept: np.ndarray, written: np.ndarray) -> int:
    """Writes the kept blocks to `written`; returns the number of bytes."""
    out, before = 0, -1
    for block in range(len(kept)):
        if not kept[block]:
            continue
        kind = page.kinds[block]
        if out:
            written[out] = written[out + 1] = NEWLINE
            out += 1 if kind == before and (kind in (ITEM, ROW)) else 2
        if kind == ITEM:
            indent = 2 * min(page.levels[block] - 1, INDENTED)
            written[out : out + indent] = BLANK
            out += indent
            out = _mark(page, block, written, out)
        for at in range(page.starts[block], _end(page, block)):
            written[out] = page.text[at]
            out += 1
        before = kind
    return out
