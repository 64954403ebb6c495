"""Leaves out bits of a page of parts that are not text: buttons, counts, and profiles of the authors of posts."""

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.page import BLOCKS, PARAGRAPH, SAYS_THREAD, Page
from massivetext.filters.html.tags import mask
from massivetext.filters.html.tree import is_in
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

BUTTON, BUTTON_LINKS = 25, 0.9  # a paragraph of fewer characters with a larger share of links is a button
INDEX = 0.4  # share of links from which on a page is an index of links, and none of them is a button
TINY = 3  # characters: a shorter text is a count, or a letter that stands for a picture
PROFILE = 30  # characters: a shorter term or definition in a thread belongs to the profile of a post's author
TERMS = mask("dt dd")


@borrowing_kernel
def leave_out_bits(page: Page, choice: Choice) -> None:
    """Leaves out the blocks that are bits."""
    size = linked = 0.0
    for block in range(page.open[BLOCKS]):
        size += choice.sizes[block] * choice.kept[block]
        linked += choice.linked[block] * choice.kept[block]
    for block in range(page.open[BLOCKS]):
        choice.kept[block] &= not _is_bit(page, choice, block, linked < INDEX * size)


@borrowing_kernel
def _is_bit(page: Page, choice: Choice, block: int, buttons: bool) -> bool:
    size = choice.sizes[block]
    if size < TINY and choice.weights[block] == 0:
        return True
    if page.kinds[block] != PARAGRAPH:
        return False
    if page.open[SAYS_THREAD] and is_in(whole(page.tags[page.elements[block]]), TERMS) and size < PROFILE:
        return True
    return bool(buttons and size < BUTTON and choice.linked[block] > BUTTON_LINKS * size)
