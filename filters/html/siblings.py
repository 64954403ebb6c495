"""Groups elements with their siblings of one shape (tag and first word of the class): posts, cards, paragraphs."""

import numpy as np

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.names import HALF
from massivetext.filters.html.page import Page
from massivetext.filters.kernels.bits import fold, whole
from massivetext.filters.kernels.kernel import borrowing_kernel

FACTOR = np.uint64(0x9E3779B97F4A7C15)  # of the hash


@borrowing_kernel
def first_alike(page: Page, choice: Choice, number: int) -> int:
    """The first sibling of an element's shape among the elements that were asked for since `choice.groups`, the hash
    table of these first siblings, was cleared. It is the element itself if there is no such sibling yet.
    """
    parent, shape = page.parents[number], page.shapes[number]
    key = fold(np.uint64(parent) << HALF | np.uint64(shape) | np.uint64(1) << np.uint64(63), FACTOR)
    last = len(choice.groups) - 1
    slot = whole(key ^ key >> HALF) & last
    while choice.groups[slot]:
        first = whole(choice.groups[slot])
        if page.parents[first] == parent and page.shapes[first] == shape:
            return first
        slot = (slot + 1) & last
    choice.groups[slot] = number
    return number
