"""Leaves out single blocks of the main content: links, headings of nothing, and what is loose at both ends."""

import numpy as np

from filters.bits import whole
from filters.borrow import borrowing_kernel
from filters.html.choice import Choice
from filters.html.page import CODE, HEADING, ITEM, PARAGRAPH, ROW, Page
from filters.html.tags import LIST_TAGS
from filters.html.tree import ONE, is_in
from filters.html.weigh import BLOCK_LINKS, HEADLINE

FIRM_LINKS = 0.2  # a larger share of links makes an item or row loose
LIST_DEPTH = 4  # elements from an item's text up to its list


@borrowing_kernel
def tidy(page: Page, choice: Choice) -> None:
    """Leaves out blocks that are links, headings of nothing, and what is loose at both ends."""
    first, last = _ends(page, choice)
    following = 0  # the highest level of the headings from here to the next text; 7 where that comes first
    for block in range(len(choice.kept) - 1, -1, -1):
        if not choice.kept[block]:
            continue
        level = whole(page.levels[block])
        if page.kinds[block] == HEADING and choice.sizes[block] < HEADLINE:
            choice.kept[block] = level < following
            following = min(following, level)
        elif first <= block <= last and (
            choice.linked[block] <= BLOCK_LINKS * choice.sizes[block]
            or page.kinds[block] == CODE
            or (first < block <= last and _is_within(page, choice, block))
        ):
            following = 7
        else:
            choice.kept[block] = False


@borrowing_kernel
def _ends(page: Page, choice: Choice) -> tuple[int, int]:
    """The first and last block that are running text, or next to it and not loose.

    Items and rows that are no links are not loose, nor are blocks at the same level as running text: of the
    same tag in the same element, or between its elements. After the text, nor are such blocks that are partly
    links, and lists of links at its level; before it, those are bylines and navigation.
    """
    count, first, last = len(choice.kept), -1, -1
    for block in range(count):
        if choice.kept[block] and choice.weights[block] > 0:
            element = page.elements[block]
            choice.levels[max(page.parents[element], 0)] |= ONE << np.uint64(page.tags[element])
            first = block if first < 0 else first
            last = block
    if first < 0:
        return 0, count - 1
    block = first - 1
    while block >= 0 and (not choice.kept[block] or _is_firm(page, choice, block, 0)):
        first = block
        block -= 1
    block = last + 1
    while block < count and (not choice.kept[block] or _is_firm(page, choice, block, BLOCK_LINKS)):
        last = block
        block += 1
    return first, last


@borrowing_kernel
def _is_firm(page: Page, choice: Choice, block: int, most_links: float) -> bool:
    """Whether a block that is no running text holds to what is; its share of links may be so large."""
    linked, size = choice.linked[block], choice.sizes[block]
    if page.kinds[block] == PARAGRAPH:
        return bool(linked <= most_links * size) and _is_level(page, choice, block)
    if page.kinds[block] in (ITEM, ROW):
        return bool(linked < FIRM_LINKS * size) or (most_links > 0 and _is_within(page, choice, block))
    return False


@borrowing_kernel
def _is_within(page: Page, choice: Choice, block: int) -> bool:
    """Whether a block of links is a paragraph at the level of running text, or of a list that is."""
    if page.kinds[block] == PARAGRAPH:
        return _is_level(page, choice, block)
    number = whole(page.elements[block])
    for _ in range(LIST_DEPTH):
        if number <= 0:
            return False
        tag, number = whole(page.tags[number]), whole(page.parents[number])
        if is_in(tag, LIST_TAGS):
            return bool(choice.levels[number] != 0)
    return False


@borrowing_kernel
def _is_level(page: Page, choice: Choice, block: int) -> bool:
    """Whether running text is beside a block: in elements like its own, or in elements within its own."""
    element = page.elements[block]
    level = choice.levels[max(page.parents[element], 0)]
    return choice.levels[element] != 0 or is_in(whole(page.tags[element]), level)
