"""Leaves out single blocks of the main content: links, headings without text, credits, and loose blocks at its ends."""

import numpy as np

from massivetext.filters.html.blocks import BLANK
from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import CODE, HEADING, ITEM, PARAGRAPH, ROW, Page
from massivetext.filters.html.tags import CELLS, ITEMS, LIST_TAGS, SUMMARY, TABLES
from massivetext.filters.html.tree import ONE, is_in
from massivetext.filters.html.weigh import BLOCK_LINKS, FIRM_LINKS, HEADLINE
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

COPYRIGHT = "©".encode()
CREDIT = 200  # characters: a shorter block with © and a name is a credit
LIST_DEPTH = 4  # most elements from the one that holds an item's text up to the list


@borrowing_kernel
def tidy(page: Page, choice: Choice) -> None:
    """Leaves out blocks of links, headings that no text follows, credits, and loose blocks at both ends."""
    first, last = _ends(page, choice)
    following = 0  # the least level of the headings from here to the next text: 7 without one, 0 at the end
    for block in range(len(choice.kept) - 1, -1, -1):
        if not choice.kept[block]:
            continue
        if is_credit(page, choice, block):
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
def is_credit(page: Page, choice: Choice, block: int) -> bool:
    """Whether a short block is a credit, which says whose a picture or the text is: © and a name."""
    if page.kinds[block] == CODE or choice.sizes[block] >= CREDIT:
        return False
    for at in range(page.starts[block], page.stops[block] - 2):
        if page.text[at] == COPYRIGHT[0] and page.text[at + 1] == COPYRIGHT[1]:
            after = whole(page.text[at + 2])
            return after == BLANK or after >= 0x41
    return False


@borrowing_kernel
def _ends(page: Page, choice: Choice) -> tuple[int, int]:
    """The first and the last block of the main text: the running text, with the firm blocks before and after it.

    List items and rows with few links are firm, and so are blocks at the level of running text (`_is_level`) without
    links. After the running text, blocks at its level that are partly links are firm, too, as are lists of links at its
    level; before it, such blocks are bylines and navigation. The first block that is not firm ends the main text.
    Headings before the running text do not end it, nor do headings beside running text or links at its level after it.
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
    """Notes in the parent of an element of running text that a child with the element's tag holds such text. If the
    element is a list item or a list, notes the same in the parent's parent, and so on.
    """
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
    """Whether a block is a heading with running text beside it."""
    above = max(page.parents[page.elements[block]], 0)
    return page.kinds[block] == HEADING and bool(choice.levels[above] != 0)


@borrowing_kernel
def _is_firm(page: Page, choice: Choice, block: int, most_links: float) -> bool:
    """Whether a block that is not running text belongs to the running text beside it. `most_links` is the largest share
    of links in a paragraph; if it is above 0, lists of links at the level of running text are firm, too.
    """
    linked, size = choice.linked[block], choice.sizes[block]
    if page.tags[page.elements[block]] == SUMMARY:
        return bool(linked <= most_links * size)
    is_row = is_in(whole(page.tags[page.elements[block]]), CELLS)
    if page.kinds[block] == PARAGRAPH and not is_row:
        return bool(linked <= most_links * size) and _is_level(page, choice, block)
    if page.kinds[block] in (ITEM, ROW) or is_row:
        return bool(linked < FIRM_LINKS * size) or (most_links > 0 and _is_within(page, choice, block))
    return False


@borrowing_kernel
def _is_within(page: Page, choice: Choice, block: int) -> bool:
    """Whether a block is a paragraph at the level of running text, or in a list or table at that level."""
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
    """Whether a block is at the level of running text: a child of the block's element holds some, or an element beside
    that element, with the same tag, does.
    """
    element = page.elements[block]
    level = choice.levels[max(page.parents[element], 0)]
    return choice.levels[element] != 0 or is_in(whole(page.tags[element]), level)
