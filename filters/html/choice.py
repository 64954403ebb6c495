"""What the rules find out about a page's blocks and elements in order to choose the main content."""

from typing import NamedTuple

import numpy as np

from massivetext.filters.html.page import BLOCKS, ELEMENTS, JOINED, Page
from massivetext.filters.html.weigh import is_data, is_line_numbers, measure, weigh
from massivetext.filters.kernels.kernel import borrowing_kernel


class Choice(NamedTuple):
    """What the rules find out about a page's blocks and elements."""

    kept: np.ndarray  # bool: by block, whether it is main content
    weights: np.ndarray  # float64: by block, its running text, as filters.html.weigh weighs it
    sizes: np.ndarray  # float64: by block, its characters, as filters.html.weigh counts them
    linked: np.ndarray  # float64: by block, how many of these characters are in links

    # By element: sums over the blocks in it, and marks.
    weight_sums: np.ndarray
    size_sums: np.ndarray
    linked_sums: np.ndarray
    out: np.ndarray  # bool
    in_main: np.ndarray  # bool
    counts: np.ndarray  # int32: number of kept blocks
    within: np.ndarray  # int32: the child that holds the group with the most running text
    levels: np.ndarray  # uint64: the set of the tags of those children that hold running text
    links: np.ndarray  # int32: number of blocks that are mostly links
    titles: np.ndarray  # int32: number of headings that are mostly links
    texts: np.ndarray  # int32: number of blocks of running text
    before: np.ndarray  # float64: running text between the page's heading and the element's start
    firsts: np.ndarray  # int32: the first child that holds running text; 0 if there is none

    # A hash table of the blocks' texts with open addressing, which has at least two slots a block.
    texts_seen: np.ndarray  # uint64: hashes, 0 for a free slot
    times_seen: np.ndarray  # int32: how often the text occurs
    last_seen: np.ndarray  # int32: the last block with the text

    # A hash table of elements with open addressing, which has at least two slots an element (filters.html.siblings).
    groups: np.ndarray  # int32: the first element of its shape in its parent, 0 for a free slot


def new_choice(page: Page) -> Choice:
    """The Choice for a page that has been read, before any rule: it keeps all blocks and marks no element."""
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
        np.zeros(1 << (2 * elements).bit_length(), np.int32),
    )


@borrowing_kernel
def copy_weights(choice: Choice, other: Choice) -> None:
    """Copies to `other` what `weigh_all` wrote to `choice`."""
    for block in range(len(choice.kept)):
        other.sizes[block], other.linked[block] = choice.sizes[block], choice.linked[block]
        other.weights[block], other.kept[block] = choice.weights[block], choice.kept[block]


@borrowing_kernel
def weigh_all(page: Page, choice: Choice) -> None:
    """Measures and weighs each block by itself. Keeps every block except joined ones, JSON and line numbers."""
    for block in range(page.open[BLOCKS]):
        size = measure(page, block)
        linked = page.linked[block] * size / (page.stops[block] - page.starts[block])
        choice.sizes[block], choice.linked[block] = size, linked
        choice.weights[block] = weigh(page, block, size, linked)
        choice.kept[block] = page.kinds[block] != JOINED and not is_data(page, block)
        choice.kept[block] &= not is_line_numbers(page, block)
