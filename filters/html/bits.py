"""Leaves out bits of a page of parts that are not text: buttons, counts, and profiles of the authors of posts."""

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import BLOCKS, ELEMENTS, PARAGRAPH, SAYS_THREAD, Page
from massivetext.filters.html.signs import AUTHOR, any_has
from massivetext.filters.html.tags import DT, mask
from massivetext.filters.html.tree import is_in
from massivetext.filters.html.weigh import add_up
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

BUTTON, BUTTON_LINKS = 25, 0.9  # a paragraph of fewer characters with a larger share of links is a button
INDEX = 0.4  # share of links from which on a page is an index of links, and none of them is a button
TINY = 3  # characters: a shorter text is a count, or a letter that stands for a picture
LINES = 3  # blocks of a profile: a name with fewer (a date, a place) stays whole
PROFILE = 30  # characters: a shorter term or definition in a thread belongs to the profile of a post's author
TERMS = mask("dt dd")


@borrowing_kernel
def leave_out_bits(page: Page, choice: Choice, authors: bool) -> None:
    """Leaves out the blocks that are bits, and of the profiles of authors all but the name; if `authors` is not set,
    the names, too.
    """
    size = linked = 0.0
    for block in range(page.open[BLOCKS]):
        size += choice.sizes[block] * choice.kept[block]
        linked += choice.linked[block] * choice.kept[block]
    for block in range(page.open[BLOCKS]):
        choice.kept[block] &= not _is_bit(page, choice, block, linked < INDEX * size)
    if page.open[SAYS_THREAD]:
        _leave_out_ends(page, choice, linked < INDEX * size)
    _leave_out_profiles(page, choice, authors)


@borrowing_kernel
def _leave_out_ends(page: Page, choice: Choice, buttons: bool) -> None:
    """Leaves out what stands before the post with the first running text of a thread and after the last running text,
    and, if `buttons` is set, links between them.
    """
    first = last = -1
    for block in range(page.open[BLOCKS]):
        if choice.kept[block] and choice.weights[block] > 0:
            first = block if first < 0 else first
            last = block
    if first < 0:
        return
    first = min(first, whole(page.marks[_post(page, whole(page.elements[first]))]))
    for block in range(page.open[BLOCKS]):
        link = (
            buttons
            and choice.weights[block] == 0
            and choice.linked[block] > BUTTON_LINKS * choice.sizes[block]
        )
        choice.kept[block] &= first <= block <= last and not link


@borrowing_kernel
def _post(page: Page, element: int) -> int:
    """The post that an element is in: the innermost element with a class that an element of its shape follows. The
    element itself if there is none.
    """
    number = element
    while number > 0:
        beside, named = whole(page.ends[number]), page.shapes[number] > page.tags[number]
        follows = beside < page.ends[page.parents[number]]
        if named and follows and page.shapes[beside] == page.shapes[number]:
            return number
        number = whole(page.parents[number])
    return element


@borrowing_kernel
def _leave_out_profiles(page: Page, choice: Choice, authors: bool) -> None:
    """Leaves out the blocks of elements that are named for authors and hold no running text: all of them if `authors`
    is not set, else those after the first, the name, if there are LINES.
    """
    if not any_has(page.signs, page.open[ELEMENTS], AUTHOR):
        return
    profiles = choice.within  # the profile that an element is in, 0 for none
    counts = choice.counts  # of a profile's blocks
    add_up(page, choice.weights, choice.kept, choice.weight_sums)
    profiles[0], counts[:] = 0, 0
    for number in range(1, page.open[ELEMENTS]):
        profiles[number] = profiles[page.parents[number]]
        if not profiles[number] and page.signs[number] & AUTHOR and choice.weight_sums[number] == 0:
            profiles[number] = number
    for block in range(page.open[BLOCKS]):
        counts[profiles[page.elements[block]]] += choice.kept[block]
    named = 0  # the last profile whose first block was found
    for block in range(page.open[BLOCKS]):
        profile = whole(profiles[page.elements[block]])
        if profile and choice.kept[block]:
            choice.kept[block] = authors and (counts[profile] < LINES or named != profile)
            named = profile


@borrowing_kernel
def _is_bit(page: Page, choice: Choice, block: int, buttons: bool) -> bool:
    size = choice.sizes[block]
    if size < TINY and choice.weights[block] == 0:
        return True
    if page.kinds[block] != PARAGRAPH:
        return False
    if page.open[SAYS_THREAD] and is_in(whole(page.tags[page.elements[block]]), TERMS) and size < PROFILE:
        return True
    is_term = page.tags[page.elements[block]] == DT  # without it, its definition says nothing
    return bool(buttons and not is_term and size < BUTTON and choice.linked[block] > BUTTON_LINKS * size)
