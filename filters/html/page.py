"""A page while it is read: its elements, its blocks of text, and what is open at a place in its markup."""

from typing import NamedTuple

import numpy as np

from massivetext.filters.html.tags import TREE

PARAGRAPH, ITEM, HEADING, CODE, ROW, JOINED = range(6)
"""Kinds of blocks. A block that is joined has become part of the row before it."""

DEEPEST = 512  # open elements, as in browsers; what is nested deeper is taken for a sibling
GAP = 3  # bytes between blocks' texts, where cells of a row are joined

# What is open: the places of Page.open.
(
    AT_ELEMENT,  # the innermost element
    DEPTH,
    ELEMENTS,  # how many have started
    BLOCKS,  # how many have ended
    START,  # of the open block's text
    OUT,  # where its next byte goes
    LINKED,  # bytes of it in links
    LINK,  # the element that the open link starts in, -1 if none is open
    SPACE,  # what parts the open block's text from what follows: see SPACES
    FIRST_IN_ITEM,  # whether the next block is a list item's first
    LISTS,  # how many lists are open
    VERBATIM_DEPTH,  # how many elements whose text is verbatim
    HIDDEN_DEPTH,  # how many elements whose text is left out
    TITLE_START,
    TITLE_END,
    UNREAD,  # bytes in noscript that were passed over
    SCRIPTLESS,  # whether noscript is read, as browsers do that run no scripts
    RAISED,  # where the open superscript or subscript starts in the text, -1 if none is open
    SAYS_ARTICLE,  # whether the page says that it is an article, by Open Graph
    SAYS_TEXT,  # or that it holds one, by schema.org
    SAYS_THREAD,  # or that it is a thread: posts, or a question and its answers
    PLACES,
) = range(22)

# SPACE: nothing, a space, a line break, an empty line.
TOGETHER, APART, BROKEN, ENDED = range(4)


class Page(NamedTuple):
    """What is read of a page of n bytes: at most an element and a block for every two of them."""

    html: np.ndarray  # uint8: UTF-8, and a block of zeros
    text: np.ndarray  # uint8: of the blocks, one after the other, GAP bytes apart
    open: np.ndarray  # int64: see above
    open_tags: np.ndarray  # int64: by tag, how many of its elements are open

    # Elements in the order in which they start; the first is the body.
    parents: np.ndarray  # int32: numbered lower than its children
    ends: np.ndarray  # int32: the number after those of all elements within
    tags: np.ndarray  # uint8
    signs: np.ndarray  # uint16: as filters.html.signs finds
    shapes: np.ndarray  # uint32: of its tag and the first word of its class: what is repeated has one
    orders: np.ndarray  # int32: of an item of an ordered list its number; of the list, that of its last item
    marks: np.ndarray  # int32: a row's first block that is not joined yet, a cell's first block

    # Blocks in the order of the page.
    kinds: np.ndarray  # uint8
    levels: np.ndarray  # uint8: of a heading; how deep a list item is nested
    elements: np.ndarray  # int32: the innermost one that holds it
    starts: np.ndarray  # int64: text[start:stop]
    stops: np.ndarray  # int64
    linked: np.ndarray  # int64: bytes of its text that are in links


def new_page(html: bytes) -> Page:
    """A page of which nothing is read yet."""
    size = len(html)
    padded = np.zeros(size + 64, np.uint8)
    padded[:size] = np.frombuffer(html, np.uint8)
    most = size // 2 + 4
    kinds = {
        "tags": np.uint8,
        "signs": np.uint16,
        "shapes": np.uint32,
        "kinds": np.uint8,
        "levels": np.uint8,
        "starts": np.int64,
        "stops": np.int64,
        "linked": np.int64,
    }
    columns = {name: np.empty(most, kinds.get(name, np.int32)) for name in Page._fields[4:]}
    text = np.empty(2 * size + 64, np.uint8)
    return Page(padded, text, np.zeros(PLACES, np.int64), np.zeros(len(TREE), np.int64), **columns)
