"""Ends blocks of text, and joins the cells of a table's row into one block."""

import numpy as np

from massivetext.filters.html.page import (
    AT_ELEMENT,
    BLOCKS,
    CODE,
    FIRST_IN_ITEM,
    GAP,
    HEADING,
    ITEM,
    JOINED,
    LINKED,
    LISTS,
    OUT,
    PARAGRAPH,
    ROW,
    SPACE,
    START,
    TOGETHER,
    VERBATIM_DEPTH,
    Page,
)
from massivetext.filters.html.tags import FIRST_HEADING, HEADINGS
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel

CELL = 500  # bytes: a cell with as much text is part of the page's layout, not of a table of data
CELL_BLOCKS = 8  # so is a cell with as many blocks, or with a block that is not a paragraph
NEWLINE, BLANK, BAR = 0x0A, 0x20, 0x7C


@inlined_kernel
def end_block(page: Page) -> None:
    """Ends the open block: adds it to the page's blocks if it holds any text."""
    page.open[SPACE] = TOGETHER
    if page.open[START] < page.open[OUT]:
        _add_block(page)


@borrowing_kernel
def _add_block(page: Page) -> None:
    state = page.open
    start, stop = whole(state[START]), whole(state[OUT])
    kind, level = PARAGRAPH, 0
    tag = whole(page.tags[state[AT_ELEMENT]])
    if state[VERBATIM_DEPTH]:
        kind = CODE
        while start < stop and page.text[start] == NEWLINE:
            start += 1
        while start < stop and page.text[stop - 1] == NEWLINE:
            stop -= 1
        if _is_blank(page.text, start, stop):
            state[OUT] = state[START]
            state[LINKED] = 0
            return
    elif HEADINGS >> np.uint64(tag) & np.uint64(1):
        kind, level = HEADING, tag - FIRST_HEADING + 1
    elif state[FIRST_IN_ITEM] and state[LISTS]:
        kind, level = ITEM, min(whole(state[LISTS]), 255)
        state[FIRST_IN_ITEM] = 0
    number = whole(state[BLOCKS])
    page.kinds[number], page.levels[number] = kind, level
    page.elements[number] = state[AT_ELEMENT]
    page.starts[number], page.stops[number] = start, stop
    page.linked[number] = min(whole(state[LINKED]), stop - start)
    state[BLOCKS] = number + 1
    state[START] = state[OUT] = state[OUT] + GAP
    state[LINKED] = 0


@borrowing_kernel
def _is_blank(text: np.ndarray, at: int, stop: int) -> bool:
    while at < stop:
        if text[at] > BLANK:
            return False
        at += 1
    return True


@borrowing_kernel
def end_cell(page: Page, cell: int) -> None:
    """Ends a table's cell. A short cell waits to be joined with the rest of its row; the blocks of a long one stay."""
    row, first, last = page.parents[cell], page.marks[cell], page.open[BLOCKS]
    if first == last:
        return
    size, short = 0, last - first < CELL_BLOCKS
    if short:
        for block in range(first, last):
            size += page.stops[block] - page.starts[block]
            short &= page.kinds[block] == PARAGRAPH
    if not short or size >= CELL:
        join(page, row, first)
        page.marks[row] = last


@borrowing_kernel
def join(page: Page, row: int, last: int) -> None:
    """Joins the blocks of a row that wait, up to the block `last`, into one, with " | " between them."""
    first = whole(page.marks[row])
    page.marks[row] = last
    if last - first < 2:
        return
    for block in range(first + 1, last):
        gap = page.stops[block - 1]
        page.text[gap], page.text[gap + 1], page.text[gap + 2] = BLANK, BAR, BLANK
        page.linked[first] += page.linked[block]
        page.kinds[block] = JOINED
    for at in range(page.starts[first], page.stops[last - 1]):
        if page.text[at] == NEWLINE:
            page.text[at] = BLANK
    page.kinds[first] = ROW
    page.elements[first] = row
    page.stops[first] = page.stops[last - 1]
