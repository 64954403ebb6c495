"""The element that is the main content: it holds most of the running text and least else. In it, what leads
elsewhere is left out, and what is another matter.
"""

from filters.bits import whole
from filters.borrow import borrowing_kernel
from filters.html.apart import find_apart
from filters.html.choice import Choice
from filters.html.heading import only_article
from filters.html.page import BLOCKS, ELEMENTS, HEADING, Page
from filters.html.signs import ARTICLE, MAIN
from filters.html.tags import GROUPS, HOLDERS, LISTS
from filters.html.tree import is_in
from filters.html.weigh import BLOCK_LINKS, add_up

LEAD = 12  # blocks between the page's heading and the main content that are looked at
LINKING = 0.3  # a larger share of links makes a group of blocks one that leads elsewhere
TEASERS = 3  # blocks of links, no fewer than of running text, make a group one of teasers
MAIN_BONUS, ARTICLE_BONUS = 1.1, 1.4


@borrowing_kernel
def keep_main(page: Page, choice: Choice, heading: int) -> None:
    """Leaves out what is not in the main element, nor in its lead. Needs some running text."""
    add_up(page, choice.sizes, choice.kept, choice.size_sums)
    add_up(page, choice.linked, choice.kept, choice.linked_sums)
    _find_linking(page, choice)
    start = only_article(page, choice, heading, _main(page, choice))
    end, blocks = page.ends[start], whole(page.open[BLOCKS])
    first = 0
    while not (choice.kept[first] and start <= page.elements[first] < end):
        first += 1
    lead = _lead(page, choice, heading, first)
    find_apart(page, choice, start, end)
    for block in range(blocks):
        inside = start <= page.elements[block] < end
        inside |= lead < block < first and choice.weights[block] > 0
        choice.kept[block] &= inside and not choice.out[page.elements[block]]


@borrowing_kernel
def _find_linking(page: Page, choice: Choice) -> None:
    """Marks elements that lead elsewhere: much in them is linked, and little of the running text is there."""
    out, weights = choice.out, choice.weight_sums
    _find_levels(page, choice)
    _count_links(page, choice)
    for number in range(1, page.open[ELEMENTS]):
        leads = choice.linked_sums[number] > LINKING * choice.size_sums[number]
        leads |= choice.links[number] >= TEASERS and choice.teasers[number] >= 0
        leads &= weights[number] < 0.25 * weights[0] and is_in(whole(page.tags[number]), GROUPS)
        leads &= not (is_in(whole(page.tags[number]), LISTS) and _follows(page, choice, number))
        out[number] = out[page.parents[number]] or leads


@borrowing_kernel
def _count_links(page: Page, choice: Choice) -> None:
    """Counts each element's blocks of links and of running text, with all that it holds."""
    for block in range(page.open[BLOCKS]):
        if choice.kept[block]:
            number = page.elements[block]
            is_link = choice.linked[block] > BLOCK_LINKS * choice.sizes[block]
            choice.links[number] += is_link
            choice.teasers[number] += is_link - (choice.weights[block] > 0)
    for number in range(page.open[ELEMENTS] - 1, 0, -1):
        choice.links[page.parents[number]] += choice.links[number]
        choice.teasers[page.parents[number]] += choice.teasers[number]


@borrowing_kernel
def _find_levels(page: Page, choice: Choice) -> None:
    """Notes of each element the first child that holds running text."""
    for block in range(page.open[BLOCKS]):
        if choice.kept[block] and choice.weights[block] > 0:
            number = page.elements[block]
            above = max(page.parents[number], 0)
            if choice.firsts[above] == 0:
                choice.firsts[above] = number


@borrowing_kernel
def _follows(page: Page, choice: Choice, number: int) -> bool:
    """Whether an element has running text at its level before it."""
    above = page.parents[number]
    return bool(0 < choice.firsts[above] < number)


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
def _lead(page: Page, choice: Choice, heading: int, first: int) -> int:
    """The page's heading, where it is near before the main content's first block; else that block."""
    block, looked = first - 1, 0
    while block >= 0 and looked < LEAD:
        if choice.kept[block]:
            if block == heading or (page.kinds[block] == HEADING and page.levels[block] == 1):
                return block
            looked += 1
        block -= 1
    return first
