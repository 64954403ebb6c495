"""Marks groups in the main element that are about something else: they follow the text and hold little of it."""

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import BLOCKS, Page
from massivetext.filters.html.signs import ITS_SIGNS
from massivetext.filters.html.tags import GROUPS, HOLDERS
from massivetext.filters.html.tree import is_in
from massivetext.filters.html.weigh import count_kept
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

APART = 0.25  # share of the fullest group's running text below which a later group is about something else


@borrowing_kernel
def find_apart(page: Page, choice: Choice, start: int, end: int) -> None:
    """Marks groups among the elements start:end that follow the fullest group and hold little running text.

    A group with the tag and the signs of the fullest group, or of an element around that, is not marked.
    """
    counts, within = choice.counts, choice.within
    count_kept(page, choice.kept, choice.counts)
    most = _fullest(page, choice, start, end)
    number = most
    while number > start:
        within[page.parents[number]] = number
        number = whole(page.parents[number])
    for number in range(page.ends[most], end):
        above = page.parents[number]
        if above <= most < page.ends[above] and is_in(whole(page.tags[number]), GROUPS):
            # A single block right after a sibling with the same tag is a paragraph and not a group.
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
def _fullest(page: Page, choice: Choice, start: int, end: int) -> int:
    """The fullest group: the one that holds the most running text directly, and not in groups within it."""
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
