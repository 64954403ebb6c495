"""Builds the tree of a page: opens and closes elements by those of HTML's rules (13.2.6) that decide which text belongs
together. The rules for formatting elements do not, and are left out. They open such elements again in every paragraph,
so that a page of n bytes can become a tree of n² elements.
"""

import numpy as np

from massivetext.filters.html.blocks import end_block, end_cell, join
from massivetext.filters.html.names import NONE
from massivetext.filters.html.page import (
    AT_ELEMENT,
    BLOCKS,
    DEEPEST,
    DEPTH,
    ELEMENTS,
    FIRST_IN_ITEM,
    HIDDEN_DEPTH,
    LINK,
    LISTS,
    VERBATIM_DEPTH,
    Page,
)
from massivetext.filters.html.signs import REVERSED
from massivetext.filters.html.tags import (
    BUTTONS,
    CELLS,
    CLOSES_PARAGRAPH,
    ENDS_HIDDEN,
    FORM,
    HEADINGS,
    HIDDEN,
    INLINE,
    ITEM_SCOPE,
    ITEMS,
    LIST_TAGS,
    OL,
    PARAGRAPH_SCOPE,
    READING_SCOPE,
    READINGS,
    ROWS,
    SCOPE,
    SECTIONS,
    SHORT_HIDDEN,
    TABLE,
    TABLE_LEVELS,
    TABLE_PARTS,
    TABLES,
    TERM_SCOPE,
    TERMS,
    TR,
    VERBATIM,
    P,
)
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel

ONE = np.uint64(1)


@inlined_kernel
def is_in(tag: int, tags: np.uint64) -> bool:
    """Whether a tag is in a set."""
    return bool(tags >> np.uint64(tag) & ONE)


@borrowing_kernel
def open_element(page: Page, tag: int, signs: int, shape: int, order: int) -> None:
    """Handles a start tag: closes the elements that cannot hold the new one, and opens it."""
    _end_block_at(page, tag)
    if is_in(tag, TABLE_PARTS):
        if not _clear_table(page, tag):
            return
    elif tag == FORM and is_in(_current(page), TABLE_LEVELS):
        return
    else:
        if page.open[HIDDEN_DEPTH] and is_in(tag, ENDS_HIDDEN):
            _close_nearest(page, SHORT_HIDDEN, SCOPE)
        if page.open_tags[P] and is_in(tag, CLOSES_PARAGRAPH):
            _close_nearest(page, ONE << np.uint64(P), PARAGRAPH_SCOPE)
        if is_in(tag, HEADINGS) and is_in(_current(page), HEADINGS):
            close_element(page)
        elif is_in(tag, ITEMS):
            _close_nearest(page, ITEMS, ITEM_SCOPE)
        elif is_in(tag, TERMS):
            _close_nearest(page, TERMS, TERM_SCOPE)
        elif is_in(tag, BUTTONS):
            _close_nearest(page, BUTTONS, SCOPE)
        elif is_in(tag, READINGS):
            _close_nearest(page, READINGS, READING_SCOPE)
        elif tag == TABLE and is_in(_current(page), TABLE_LEVELS):
            _close_nearest(page, TABLES, np.uint64(0))
    _push(page, tag, signs, shape, order)


@borrowing_kernel
def end_element(page: Page, tag: int) -> None:
    """Handles an end tag: closes the open element that it names and all elements in it. Without one, does nothing."""
    _end_block_at(page, tag)
    if is_in(tag, HEADINGS):
        _close_nearest(page, HEADINGS, SCOPE)
    elif tag == FORM:
        if _current(page) == FORM:
            close_element(page)
    elif page.open_tags[tag] == 0:
        return
    elif is_in(tag, TABLES | TABLE_PARTS):
        _close_nearest(page, ONE << np.uint64(tag), TABLES)
    elif is_in(tag, ITEMS):
        _close_nearest(page, ITEMS, SCOPE | LIST_TAGS)
    else:
        _close_nearest(page, ONE << np.uint64(tag), PARAGRAPH_SCOPE if tag == P else SCOPE)


@borrowing_kernel
def close_element(page: Page) -> None:
    """Closes the innermost open element, which must not be the body."""
    state = page.open
    number = whole(state[AT_ELEMENT])
    tag = whole(page.tags[number])
    _end_block_at(page, tag)
    page.ends[number] = state[ELEMENTS]
    _count(page, tag, -1)
    if state[LINK] == number:
        state[LINK] = NONE
    if is_in(tag, ITEMS):
        state[FIRST_IN_ITEM] = 0
    elif tag == OL and page.signs[number] & REVERSED:
        _number_down(page, number)
    elif is_in(tag, CELLS):
        end_cell(page, number)
    elif tag == TR:
        join(page, number, whole(state[BLOCKS]))
    state[AT_ELEMENT] = page.parents[number]


@inlined_kernel
def _end_block_at(page: Page, tag: int) -> None:
    if not is_in(tag, INLINE):
        end_block(page)


@inlined_kernel
def _current(page: Page) -> int:
    return whole(page.tags[page.open[AT_ELEMENT]])


@borrowing_kernel
def _clear_table(page: Page, tag: int) -> bool:
    """Closes elements of the innermost open table until one is left that can hold the part `tag`, and opens a row for a
    cell without one. False if no table is open.
    """
    if not page.open_tags[TABLE]:
        return False
    keep = TABLES
    if is_in(tag, CELLS):
        keep |= SECTIONS | ROWS
    elif tag == TR:
        keep |= SECTIONS
    while not is_in(_current(page), keep):
        close_element(page)
    if is_in(tag, CELLS) and _current(page) != TR:
        _push(page, TR, 0, 0, NONE)
    return True


@borrowing_kernel
def _close_nearest(page: Page, wanted: np.uint64, scope: np.uint64) -> None:
    """Closes the innermost element with a wanted tag, unless an element with a tag of the scope stands between."""
    found = whole(page.open[AT_ELEMENT])
    while found > 0 and not is_in(whole(page.tags[found]), wanted):
        if is_in(whole(page.tags[found]), scope):
            return
        found = whole(page.parents[found])
    while found > 0 and page.open[AT_ELEMENT] >= found:
        close_element(page)


@borrowing_kernel
def _push(page: Page, tag: int, signs: int, shape: int, order: int) -> None:
    state = page.open
    if state[DEPTH] >= DEEPEST:
        close_element(page)
    if tag == TR:
        _join_outer_row(page)
    number = whole(state[ELEMENTS])
    page.parents[number] = state[AT_ELEMENT]
    page.tags[number], page.signs[number], page.shapes[number] = tag, signs, shape
    page.marks[number] = state[BLOCKS]
    state[ELEMENTS] = number + 1
    state[AT_ELEMENT] = number
    page.orders[number] = order
    if tag == OL and not signs & REVERSED:
        page.orders[number] = order - 1 if order != NONE else 0
    elif is_in(tag, ITEMS):
        state[FIRST_IN_ITEM] = 1
        above = page.parents[number]
        if page.tags[above] == OL and not page.signs[above] & REVERSED:
            page.orders[above] = order if order != NONE else page.orders[above] + 1
            page.orders[number] = page.orders[above]
    _count(page, tag, 1)


@borrowing_kernel
def _number_down(page: Page, ordered: int) -> None:
    """Numbers the items of a list whose numbers go down, from its `start` or from how many items it has. An item's
    `value` counts on from there. Numbers below 0 are left out.
    """
    items, item = 0, ordered + 1
    while item < page.ends[ordered]:
        items += is_in(whole(page.tags[item]), ITEMS)
        item = whole(page.ends[item])
    number, item = items if page.orders[ordered] == NONE else whole(page.orders[ordered]), ordered + 1
    while item < page.ends[ordered]:
        if is_in(whole(page.tags[item]), ITEMS):
            number = number if page.orders[item] == NONE else whole(page.orders[item])
            page.orders[item] = max(number, NONE)
            number -= 1
        item = whole(page.ends[item])


@borrowing_kernel
def _count(page: Page, tag: int, change: int) -> None:
    state = page.open
    page.open_tags[tag] += change
    state[DEPTH] += change
    state[LISTS] += change * is_in(tag, LIST_TAGS)
    state[VERBATIM_DEPTH] += change * is_in(tag, VERBATIM)
    state[HIDDEN_DEPTH] += change * is_in(tag, HIDDEN)


@borrowing_kernel
def _join_outer_row(page: Page) -> None:
    """Before a row of a table in a cell starts, joins the cells before that cell, since their text comes first."""
    number = whole(page.open[AT_ELEMENT])
    while number > 0 and not is_in(whole(page.tags[number]), CELLS):
        number = whole(page.parents[number])
    if number > 0:
        join(page, whole(page.parents[number]), whole(page.marks[number]))
