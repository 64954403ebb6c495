"""Marks groups of blocks that lead to other pages: lists of links, and teasers."""

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.heading import ALONE
from massivetext.filters.html.page import BLOCKS, ELEMENTS, HEADING, Page
from massivetext.filters.html.tags import GROUPS, ITEMS, LISTS, TABLES
from massivetext.filters.html.tree import is_in
from massivetext.filters.html.weigh import BLOCK_LINKS
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

LINKING = 0.3  # share of links above which a group leads to other pages
TEASERS = 3  # fewest blocks of links in a group of teasers, which has at most as many of running text
TEASER = 450  # average characters of running text above which the texts of a group are posts, not teasers
LITTLE = 0.25  # share of the page's running text from which on a group is not left out


@borrowing_kernel
def find_linking(page: Page, choice: Choice, heading: int) -> None:
    """Marks the groups that lead to other pages: much of their text is linked or they hold teasers, they hold little of
    the page's running text, and the page's heading is outside them.

    Teasers whose headings are links may hold more than a little if they come after an article. A list or table stays if
    running text at its level comes before it.
    """
    out, weights, links = choice.out, choice.weight_sums, choice.links
    title = page.elements[heading] if heading >= 0 else 0
    _find_before(page, choice, heading)
    _find_levels(page, choice)
    _count_links(page, choice)
    for number in range(1, page.open[ELEMENTS]):
        leads = choice.linked_sums[number] > LINKING * choice.size_sums[number]
        teasers = links[number] >= max(TEASERS, choice.texts[number])
        teasers &= weights[number] <= TEASER * choice.texts[number]
        many = teasers and choice.titles[number] >= TEASERS and choice.before[number] > ALONE
        leads = (leads or teasers) and (many or weights[number] < LITTLE * weights[0])
        leads &= is_in(whole(page.tags[number]), GROUPS) and not number <= title < page.ends[number]
        leads &= not (is_in(whole(page.tags[number]), LISTS | TABLES) and _follows(page, choice, number))
        out[number] = out[page.parents[number]] or leads


@borrowing_kernel
def _find_before(page: Page, choice: Choice, heading: int) -> None:
    """Notes for each element how much running text is between the page's heading and the element's start."""
    text, block = 0.0, max(heading, 0)
    for number in range(1, page.open[ELEMENTS]):
        while heading >= 0 and block < min(page.marks[number], page.open[BLOCKS]):
            text += choice.weights[block] * choice.kept[block]
            block += 1
        choice.before[number] = text


@borrowing_kernel
def _find_levels(page: Page, choice: Choice) -> None:
    """Notes for each element the first child that holds running text, itself or in nothing but lists and items."""
    for block in range(page.open[BLOCKS]):
        if choice.kept[block] and choice.weights[block] > 0:
            number = whole(page.elements[block])
            above = whole(page.parents[number])
            while above >= 0 and choice.firsts[above] == 0:
                choice.firsts[above] = number
                if not is_in(whole(page.tags[number]), ITEMS | LISTS):
                    break
                number, above = above, whole(page.parents[above])


@borrowing_kernel
def _follows(page: Page, choice: Choice, number: int) -> bool:
    """Whether running text comes before an element at the element's level."""
    above = page.parents[number]
    return bool(0 < choice.firsts[above] < number)


@borrowing_kernel
def _count_links(page: Page, choice: Choice) -> None:
    """Counts the blocks of links, the headings that are links and the blocks of running text in each element and its
    descendants.
    """
    links, titles, texts = choice.links, choice.titles, choice.texts
    for block in range(page.open[BLOCKS]):
        if choice.kept[block]:
            number = page.elements[block]
            is_link = choice.linked[block] > BLOCK_LINKS * choice.sizes[block]
            links[number] += is_link
            titles[number] += is_link and page.kinds[block] == HEADING
            texts[number] += choice.weights[block] > 0
    for number in range(page.open[ELEMENTS] - 1, 0, -1):
        above = page.parents[number]
        links[above] += links[number]
        titles[above] += titles[number]
        texts[above] += texts[number]
