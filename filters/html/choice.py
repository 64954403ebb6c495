"""What is found out of a page's blocks and elements, to choose the main content by."""

from typing import NamedTuple

import numpy as np

from filters.borrow import borrowing_kernel
from filters.html.page import BLOCKS, ELEMENTS, JOINED, Page
from filters.html.weigh import weigh


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
    counts: np.ndarray  # int32: blocks
    within: np.ndarray  # int32: the child that holds the group with most running text
    levels: np.ndarray  # uint64: the tags of its children that hold running text
    teasers: np.ndarray  # int32: blocks of links, less blocks of running text
    links: np.ndarray  # int32: blocks of links
    firsts: np.ndarray  # int32: the first child that holds running text; 0 if there is none


def new_choice(page: Page) -> Choice:
    """Room for what is found out of a page that has been read."""
    blocks, elements = int(page.open[BLOCKS]), int(page.open[ELEMENTS])
    return Choice(
        np.ones(blocks, np.bool_),
        np.empty(blocks),
        np.empty(blocks),
        np.empty(blocks),
        np.empty(elements),
        np.empty(elements),
        np.empty(elements),
        np.zeros(elements, np.bool_),
        np.zeros(elements, np.bool_),
        np.zeros(elements, np.int32),
        np.zeros(elements, np.int32),
        np.zeros(elements, np.uint64),
        np.zeros(elements, np.int32),
        np.zeros(elements, np.int32),
        np.zeros(elements, np.int32),
    )


@borrowing_kernel
def weigh_all(page: Page, choice: Choice) -> None:
    """Fills in what is known of each block by itself; keeps all."""
    for block in range(page.open[BLOCKS]):
        choice.weights[block] = weigh(page, block)
        choice.sizes[block] = page.stops[block] - page.starts[block]
        choice.linked[block] = page.linked[block]
        choice.kept[block] = page.kinds[block] != JOINED
