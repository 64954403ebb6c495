"""Leaves out single blocks of the main content: links, headings of nothing, and what is loose at both ends."""

import numpy as np

from massivetext.filters.html.blocks import BLANK
from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import CODE, HEADING, ITEM, PARAGRAPH, ROW, Page
from massivetext.filters.html.tags import CELLS, ITEMS, LIST_TAGS, TABLES
from massivetext.filters.html.tree import ONE, is_in
from massivetext.filters.html.weigh import BLOCK_LINKS, FIRM_LINKS, HEADLINE
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

COPYRIGHT = "©".encode()
CREDIT = 200  # characters: shorter with © is whose a picture is
LIST_DEPTH = 4  # elements from an item's text up to its list


@borrowing_kernel
def tidy(page: Page, choice: Choice) -> None:
    """Leaves out blocks that are links, headings of nothing, and what is loose at both ends."""
    first, last = _ends(page, choice)
    following = 0  # the highest level of the headings from here to the next text; 7 where that comes first
    for block in range(len(choice.kept) - 1, -1, -1):
        if not choice.kept[block]:
            continue
        if _is_credit(page, choice, block):
            choice.kept[block] = False
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
def _is_credit(page: Page, choice: Choice, block: int) -> bool:
    """Whether a short block says whose a picture or the text is: © and a name."""
    if page.kinds[block] == CODE or choice.sizes[block] >= CREDIT:
        return False
    for at in range(page.starts[block], page.stops[block] - 2):
        if page.text[at] == COPYRIGHT[0] and page.text[at + 1] == COPYRIGHT[1]:
            after = whole(page.text[at + 2])
            return after == BLANK or after >= 0x41
    return False


@borrowing_kernel
def _ends(page: Page, choice: Choice) -> tuple[int, int]:
    """The first and last block that are running text, or next to it and not loose.

    Items and rows that are no links are not loose, nor are blocks at the same level as running text: of the
    same tag in the same element, or between its elements. After the text, nor are such blocks that are partly
    links, and lists of links at its level; before it, those are bylines and navigation. Headings part none of
    these from the text before it, nor after it if they are beside running text.
    """
    count, first, last = len(choice.kept), -1, -1
    for block in range(count):
        if choice.kept[block] and choice.weights[block] > 0:
            _note_level(page, choice, whole(page.elements[block]))
            first = block if first < 0 else first
            last = block
    if first < 0:
        return 0, count - 1
    block = first - 1
    while block >= 0:
        if choice.kept[block] and page.kinds[block] != HEADING:
            if not _is_firm(page, choice, block, 0):
                break
            first = block
        block -= 1
    block = last + 1
    while block < count:
        if choice.kept[block] and not _is_heading(page, choice, block):
            if _is_firm(page, choice, block, BLOCK_LINKS):
                last = block
            elif page.kinds[block] != PARAGRAPH or not _is_level(page, choice, block):
                break
        block += 1
    return first, last


@borrowing_kernel
def _note_level(page: Page, choice: Choice, number: int) -> None:
    """Notes of the element around one of running text that such is in it; of an item, around its list, too."""
    while True:
        tag, above = whole(page.tags[number]), max(whole(page.parents[number]), 0)
        if is_in(tag, choice.levels[above]):
            return
        choice.levels[above] |= ONE << np.uint64(tag)
        if not is_in(tag, ITEMS | LIST_TAGS):
            return
        number = above


@borrowing_kernel
def _is_heading(page: Page, choice: Choice, block: int) -> bool:
    """Whether a block is a heading that has running text beside it."""
    above = max(page.parents[page.elements[block]], 0)
    return page.kinds[block] == HEADING and bool(choice.levels[above] != 0)


@borrowing_kernel
def _is_firm(page: Page, choice: Choice, block: int, most_links: float) -> bool:
    """Whether a block that is no running text holds to what is; its share of links may be so large."""
    linked, size = choice.linked[block], choice.sizes[block]
    is_row = is_in(whole(page.tags[page.elements[block]]), CELLS)
    if page.kinds[block] == PARAGRAPH and not is_row:
        return bool(linked <= most_links * size) and _is_level(page, choice, block)
    if page.kinds[block] in (ITEM, ROW) or is_row:
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
        if is_in(tag, LIST_TAGS | TABLES):
            return bool(choice.levels[number] != 0)
    return False


@borrowing_kernel
def _is_level(page: Page, choice: Choice, block: int) -> bool:
    """Whether running text is beside a block: in elements like its own, or in elements within its own."""
    element = page.elements[block]
    level = choice.levels[max(page.parents[element], 0)]
    return choice.levels[element] != 0 or is_in(whole(page.tags[element]), level)
