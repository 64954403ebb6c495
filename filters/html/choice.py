"""What is found out of a page's blocks and elements, to choose the main content by."""

from typing import NamedTuple

import numpy as np

from massivetext.filters.html.page import BLOCKS, ELEMENTS, JOINED, Page
from massivetext.filters.html.weigh import is_data, measure, weigh
from massivetext.filters.kernels.kernel import borrowing_kernel


class Choice(NamedTuple):
    """What is found out of a page's blocks and elements."""

    kept: np.ndarray  # bool: by block, whether it is main content
    weights: np.ndarray  # float64: by block, as filters.html.weigh says
    sizes: np.ndarray  # float64: by block, characters, as filters.html.weigh counts them
    linked: np.ndarray  # float64: by block, of them in links

    # By element, sums over its blocks, and marks.
    weight_sums: np.ndarray
    size_sums: np.ndarray
    linked_sums: np.ndarray
    out: np.ndarray  # bool
    in_main: np.ndarray  # bool
    counts: np.ndarray  # int32: blocks
    within: np.ndarray  # int32: the child that holds the group with most running text
    levels: np.ndarray  # uint64: the tags of its children that hold running text
    links: np.ndarray  # int32: blocks of links
    titles: np.ndarray  # int32: headings that are links
    texts: np.ndarray  # int32: blocks of running text
    before: np.ndarray  # float64: running text from the page's heading to its start
    firsts: np.ndarray  # int32: the first child that holds running text; 0 if there is none

    # Texts by their hash: a table with open addressing, twice as long as there are blocks.
    texts_seen: np.ndarray  # uint64: hashes, 0 for a free slot
    times_seen: np.ndarray  # int32
    last_seen: np.ndarray  # int32: the last block


def new_choice(page: Page) -> Choice:
    """Room for what is found out of a page that has been read."""
    blocks, elements = int(page.open[BLOCKS]), int(page.open[ELEMENTS])
    slots = 1 << (2 * blocks).bit_length()
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
        np.zeros(elements),
        np.zeros(elements, np.int32),
        np.zeros(slots, np.uint64),
        np.zeros(slots, np.int32),
        np.zeros(slots, np.int32),
    )


@borrowing_kernel
def weigh_all(page: Page, choice: Choice) -> None:
    """Fills in what is known of each block by itself; keeps all."""
    for block in range(page.open[BLOCKS]):
        size = measure(page, block)
        linked = page.linked[block] * size / (page.stops[block] - page.starts[block])
        choice.sizes[block], choice.linked[block] = size, linked
        choice.weights[block] = weigh(page, block, size, linked)
        choice.kept[block] = page.kinds[block] != JOINED and not is_data(page, block)
