"""Groups of the main element that are another matter: they follow the text, and have little of it."""

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import BLOCKS, ELEMENTS, Page
from massivetext.filters.html.signs import ITS_SIGNS
from massivetext.filters.html.tags import GROUPS, HOLDERS
from massivetext.filters.html.tree import is_in
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

APART = 0.25  # of the running text of the group with most: one that follows with less is another matter


@borrowing_kernel
def find_apart(page: Page, choice: Choice, start: int, end: int) -> None:
    """Marks groups of elements start:end that follow the one with most running text, and have little of it.

    One that is written like the group it follows, or like one around that, is more of the same.
    """
    counts, within = choice.counts, choice.within
    _count(page, choice)
    most = _fullest(page, choice, start, end)
    number = most
    while number > start:
        within[page.parents[number]] = number
        number = whole(page.parents[number])
    for number in range(page.ends[most], end):
        above = page.parents[number]
        if above <= most < page.ends[above] and is_in(whole(page.tags[number]), GROUPS):
            # One block after its like is no group but a paragraph written so.
            group = counts[number] > 1 or above != page.parents[number - 1]
            group |= page.tags[number] != page.tags[number - 1]
            like = within[above]
            alike = page.tags[number] == page.tags[like] and (
                (page.signs[number] ^ page.signs[like]) & ITS_SIGNS == 0
            )
            little = choice.weight_sums[number] < APART * choice.weight_sums[most]
            choice.out[number] |= group and little and not alike
        choice.out[number] |= choice.out[above]


@borrowing_kernel
def _count(page: Page, choice: Choice) -> None:
    """Counts each element's blocks, with all that it holds."""
    counts = choice.counts
    for block in range(page.open[BLOCKS]):
        counts[page.elements[block]] += choice.kept[block]
    for number in range(page.open[ELEMENTS] - 1, 0, -1):
        counts[page.parents[number]] += counts[number]


@borrowing_kernel
def _fullest(page: Page, choice: Choice, start: int, end: int) -> int:
    """The group with most running text: its blocks' own, not that of groups within."""
    sums, most = choice.linked_sums, start
    sums[:] = 0
    for block in range(page.open[BLOCKS]):
        element = whole(page.elements[block])
        if not choice.kept[block] or choice.weights[block] == 0 or not start <= element < end:
            continue
        while element > start and (
            not is_in(whole(page.tags[element]), HOLDERS) or choice.counts[element] < 2
        ):
            element = whole(page.parents[element])
        sums[element] += choice.weights[block]
        if sums[element] > sums[most]:
            most = element
    return most
