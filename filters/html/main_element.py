"""Keeps the main element, the one that holds most of the running text and little else, and its lead: the running
text between the page's heading and the element. Leaves out groups that lead elsewhere or are about something else.
"""

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.heading import only_article
from massivetext.filters.html.linking import find_linking
from massivetext.filters.html.other_groups import find_apart
from massivetext.filters.html.page import BLOCKS, ELEMENTS, HEADING, ITEM, ROW, Page
from massivetext.filters.html.signs import ARTICLE, MAIN
from massivetext.filters.html.tags import HOLDERS
from massivetext.filters.html.tree import is_in
from massivetext.filters.html.weigh import FIRM_LINKS, add_up
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

LEAD = 12  # blocks: how far a lead reaches after the page's heading, or before the main element
RECALL = 1.5  # weight of recall against precision: later rules can still remove text, but add none
MAIN_BONUS, ARTICLE_BONUS = 1.1, 1.4


@borrowing_kernel
def keep_main(page: Page, choice: Choice, heading: int) -> None:
    """Leaves out all blocks except those of the main element and its lead. The page must hold some running text."""
    add_up(page, choice.sizes, choice.kept, choice.size_sums)
    add_up(page, choice.linked, choice.kept, choice.linked_sums)
    find_linking(page, choice, heading)
    start = only_article(page, choice, heading, _main(page, choice))
    end, blocks = page.ends[start], whole(page.open[BLOCKS])
    first = 0
    while not (choice.kept[first] and start <= page.elements[first] < end):
        first += 1
    lead, lead_end = _lead(page, choice, heading, first)
    find_apart(page, choice, start, end)
    for block in range(blocks):
        inside = start <= page.elements[block] < end
        inside |= lead < block < lead_end and choice.weights[block] > 0
        inside |= heading == lead < block < first and _is_entry(page, choice, block)
        choice.kept[block] &= inside and not choice.out[page.elements[block]]


@borrowing_kernel
def _main(page: Page, choice: Choice) -> int:
    """The element with the highest F-measure. Recall is its share of the page's running text, precision the share of
    running text in its own text.
    """
    weights, sizes = choice.weight_sums, choice.size_sums
    best, highest = 0, 0.0
    for number in range(page.open[ELEMENTS]):
        if weights[number] > 0.3 * weights[0] and is_in(whole(page.tags[number]), HOLDERS):
            score = (1 + RECALL) * weights[number] / (sizes[number] + RECALL * weights[0])
            if page.signs[number] & MAIN:
                score *= ARTICLE_BONUS if page.signs[number] & ARTICLE else MAIN_BONUS
            if score >= highest:
                best, highest = number, score
    return best


@borrowing_kernel
def _lead(page: Page, choice: Choice, heading: int, first: int) -> tuple[int, int]:
    """The lead of the main content, whose first block is `first`, as (its heading, the block before which it ends).

    The heading is the page's heading if that comes before `first`; else the nearest heading of the first level among
    the LEAD kept blocks before `first`. Without either the lead is empty: (first, first).
    """
    if 0 <= heading < first:
        return heading, min(first, heading + LEAD)
    block, looked = first - 1, 0
    while block >= 0 and looked < LEAD:
        if choice.kept[block]:
            if page.kinds[block] == HEADING and page.levels[block] == 1:
                return block, first
            looked += 1
        block -= 1
    return first, first


@borrowing_kernel
def _is_entry(page: Page, choice: Choice, block: int) -> bool:
    """Whether a block is a list item or a table row with few links."""
    return page.kinds[block] in (ITEM, ROW) and bool(choice.linked[block] < FIRM_LINKS * choice.sizes[block])
