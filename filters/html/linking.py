"""Groups that lead elsewhere: lists of links, and teasers of other pages."""

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.heading import ALONE
from massivetext.filters.html.page import BLOCKS, ELEMENTS, HEADING, Page
from massivetext.filters.html.tags import GROUPS, ITEMS, LISTS, TABLES
from massivetext.filters.html.tree import is_in
from massivetext.filters.html.weigh import BLOCK_LINKS
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

LINKING = 0.3  # a larger share of links makes a group of blocks one that leads elsewhere
TEASERS = 3  # blocks of links, no fewer than of running text, make a group one of teasers
TEASER = 450  # running text of a teaser: what is longer on an average are posts, with their writers' links
LITTLE = 0.25  # of the page's running text


@borrowing_kernel
def find_linking(page: Page, choice: Choice, heading: int) -> None:
    """Marks elements that lead elsewhere: much in them is linked, and little of the running text is there, nor is
    the page's heading. After an article, teasers under headings that are links may be more than little.
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
    """Notes of each element how much running text is between the page's heading and its start."""
    text, block = 0.0, max(heading, 0)
    for number in range(1, page.open[ELEMENTS]):
        while heading >= 0 and block < min(page.marks[number], page.open[BLOCKS]):
            text += choice.weights[block] * choice.kept[block]
            block += 1
        choice.before[number] = text


@borrowing_kernel
def _find_levels(page: Page, choice: Choice) -> None:
    """Notes of each element the first child that is running text, or a list of it."""
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
    """Whether an element has running text at its level before it."""
    above = page.parents[number]
    return bool(0 < choice.firsts[above] < number)


@borrowing_kernel
def _count_links(page: Page, choice: Choice) -> None:
    """Counts each element's blocks of links, those that are headings, and blocks of running text, with all that it
    holds.
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
