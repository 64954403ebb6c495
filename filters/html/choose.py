"""Which blocks of a page are its main content: rules about size, links, punctuation, tags and place.

The main content is the element that holds most of the running text and least else; in it, what leads elsewhere
and what is loose at both ends is left out. Nothing is learned.
"""

from typing import NamedTuple

import numpy as np

from filters.bits import whole
from filters.borrow import borrowing_kernel
from filters.html.page import BLOCKS, CODE, ELEMENTS, HEADING, ITEM, JOINED, PARAGRAPH, ROW, Page
from filters.html.signs import ARTICLE, COMMENT, MAIN, SUSPECT
from filters.html.tags import GROUPS, HEADER, HOLDERS
from filters.html.tree import ONE, is_in
from filters.html.weigh import HEADLINE, add_up, weigh

LEAD = 12  # blocks between the page's heading and the main content that are looked at
LINKING = 0.3  # a larger share of links makes a group of blocks one that leads elsewhere
MAIN_BONUS, ARTICLE_BONUS = 1.1, 1.4
FIRM_LINKS = 0.2  # a larger share of links makes an item or row loose
BLOCK_LINKS = 0.6  # a larger share makes a block one of links


class Choice(NamedTuple):
    """What is found out of a page's blocks and elements."""

    kept: np.ndarray  # bool: by block, whether it is main content
    weights: np.ndarray  # float64: by block, as filters.html.weigh says
    sizes: np.ndarray  # float64: by block, bytes
    linked: np.ndarray  # float64: by block, bytes in links

    # By element, sums over its blocks, and marks.
    weight_sums: np.ndarray
    size_sums: np.ndarray
    linked_sums: np.ndarray
    out: np.ndarray  # bool
    in_main: np.ndarray  # bool
    levels: np.ndarray  # uint64: the tags of its children that hold running text


def new_choice(page: Page) -> Choice:
    """Room for what is found out of a page that has been read."""
    blocks, elements = int(page.open[BLOCKS]), int(page.open[ELEMENTS])
    return Choice(
        np.ones(blocks, np.bool_),
        *(np.empty(blocks) for _ in range(3)),
        *(np.empty(elements) for _ in range(3)),
        np.zeros(elements, np.bool_),
        np.zeros(elements, np.bool_),
        np.zeros(elements, np.uint64),
    )


@borrowing_kernel
def choose(page: Page, choice: Choice) -> None:
    """Fills in what is kept."""
    kept, blocks, total = choice.kept, whole(page.open[BLOCKS]), 0.0
    for block in range(blocks):
        choice.weights[block] = weigh(page, block)
        choice.sizes[block] = page.stops[block] - page.starts[block]
        choice.linked[block] = page.linked[block]
        kept[block] = page.kinds[block] != JOINED
        total += choice.weights[block]
    _leave_out_suspects(page, choice, total)
    add_up(page, choice.weights, kept, choice.weight_sums)
    if choice.weight_sums[0] > 0:
        add_up(page, choice.sizes, kept, choice.size_sums)
        add_up(page, choice.linked, kept, choice.linked_sums)
        _find_linking(page, choice)
        _keep_main(page, choice)
    _tidy(page, choice)


@borrowing_kernel
def _leave_out_suspects(page: Page, choice: Choice, total: float) -> None:
    """Leaves out blocks in elements that are navigation, comments and the like by their signs.

    Signs may be wrong: an element that holds most of the page's running text is no navigation.
    """
    values = choice.weights if total > 0 else choice.sizes
    sums, out, in_main = choice.weight_sums, choice.out, choice.in_main
    add_up(page, values, choice.kept, sums)
    total = sums[0]
    for number in range(1, page.open[ELEMENTS]):
        above, signs = page.parents[number], page.signs[number]
        in_main[number] = in_main[above] or signs & MAIN != 0
        rest = total - sums[number]
        if out[above]:
            out[number] = True
        elif signs & COMMENT:
            out[number] = rest > min(0.2 * total, 1000)
        elif signs & SUSPECT and not (page.tags[number] == HEADER and in_main[above]):
            out[number] = sums[number] < 0.5 * total or rest > 4000
    left = 0.0
    for block in range(page.open[BLOCKS]):
        if choice.kept[block] and not out[page.elements[block]]:
            left += values[block]
    for block in range(page.open[BLOCKS]):
        choice.kept[block] &= left < min(0.2 * total, 1000) or not out[page.elements[block]]
    out[:] = False


@borrowing_kernel
def _find_linking(page: Page, choice: Choice) -> None:
    """Marks elements that lead elsewhere: much in them is linked, and little of the running text is there."""
    out, weights = choice.out, choice.weight_sums
    for number in range(1, page.open[ELEMENTS]):
        leads = choice.linked_sums[number] > LINKING * choice.size_sums[number]
        leads &= weights[number] < 0.25 * weights[0] and is_in(whole(page.tags[number]), GROUPS)
        out[number] = out[page.parents[number]] or leads


@borrowing_kernel
def _keep_main(page: Page, choice: Choice) -> None:
    """Leaves out what is not in the main element, nor in its lead."""
    start = _main(page, choice)
    end, blocks = page.ends[start], whole(page.open[BLOCKS])
    first = 0
    while not (choice.kept[first] and start <= page.elements[first] < end):
        first += 1
    lead = _lead(page, choice, first)
    for block in range(blocks):
        inside = start <= page.elements[block] < end
        inside |= lead < block < first and choice.weights[block] > 0
        choice.kept[block] &= inside and not choice.out[page.elements[block]]


@borrowing_kernel
def _main(page: Page, choice: Choice) -> int:
    """The element that holds most of the running text (recall) and least else (precision), by the F-measure."""
    weights, sizes = choice.weight_sums, choice.size_sums
    best, highest = 0, 0.0
    for number in range(page.open[ELEMENTS]):
        if weights[number] > 0.3 * weights[0] and is_in(whole(page.tags[number]), HOLDERS):
            score = 2 * weights[number] / (sizes[number] + weights[0])
            if page.signs[number] & MAIN:
                score *= ARTICLE_BONUS if page.signs[number] & ARTICLE else MAIN_BONUS
            if score >= highest:
                best, highest = number, score
    return best


@borrowing_kernel
def _lead(page: Page, choice: Choice, first: int) -> int:
    """The page's heading, where it is near before the main content's first block; else that block."""
    block, looked = first - 1, 0
    while block >= 0 and looked < LEAD:
        if choice.kept[block]:
            if page.kinds[block] == HEADING and page.levels[block] == 1:
                return block
            looked += 1
        block -= 1
    return first


@borrowing_kernel
def _tidy(page: Page, choice: Choice) -> None:
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
            choice.linked[block] <= BLOCK_LINKS * choice.sizes[block] or page.kinds[block] == CODE
        ):
            following = 7
        else:
            choice.kept[block] = False


@borrowing_kernel
def _ends(page: Page, choice: Choice) -> tuple[int, int]:
    """The first and last block that are running text, or next to it and not loose.

    Items and rows that are no links are not loose, nor are blocks at the same level as running text: of the
    same tag in the same element.
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
    while block >= 0 and (not choice.kept[block] or _is_firm(page, choice, block)):
        first = block
        block -= 1
    block = last + 1
    while block < count and (not choice.kept[block] or _is_firm(page, choice, block)):
        last = block
        block += 1
    return first, last


@borrowing_kernel
def _is_firm(page: Page, choice: Choice, block: int) -> bool:
    kind, element = page.kinds[block], page.elements[block]
    if kind in (ITEM, ROW):
        return choice.linked[block] < FIRM_LINKS * choice.sizes[block]
    level = choice.levels[max(page.parents[element], 0)]
    return kind == PARAGRAPH and choice.linked[block] == 0 and is_in(whole(page.tags[element]), level)
