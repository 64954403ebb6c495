"""The state of a page while it is read: its elements, its blocks of text, and what is open at the current place."""

from typing import NamedTuple

import numpy as np

from massivetext.filters.html.tags import TREE

PARAGRAPH, ITEM, HEADING, CODE, ROW, JOINED = range(6)
"""Kinds of blocks. A JOINED block has been merged into the table row that starts before it."""

DEEPEST = 512  # most open elements, as in browsers; an element that is nested deeper becomes a sibling
GAP = 3  # bytes free between the texts of two blocks: room for the " | " between the cells of a row

# The indexes of Page.open, which says what is open.
(
    AT_ELEMENT,  # the innermost element
    DEPTH,
    ELEMENTS,  # how many have started
    BLOCKS,  # how many have ended
    START,  # where the open block's text starts
    OUT,  # where its next byte goes
    LINKED,  # how many of its bytes are in links
    LINK,  # the element that the open link starts in, -1 if none is open
    SPACE,  # what separates the open block's text from the next character: TOGETHER, APART, BROKEN or ENDED
    FIRST_IN_ITEM,  # whether the next block is a list item's first
    LISTS,  # how many lists are open
    VERBATIM_DEPTH,  # how many elements with verbatim text are open
    HIDDEN_DEPTH,  # how many elements are open whose text is left out
    TITLE_START,
    TITLE_END,
    UNREAD,  # bytes in noscript elements that the reader skipped
    SCRIPTLESS,  # whether noscript elements are read, as in a browser that runs no scripts
    RAISED,  # where the open superscript or subscript starts in the text, -1 if none is open
    SAYS_ARTICLE,  # whether the page declares by Open Graph that it is an article
    SAYS_TEXT,  # whether it declares by schema.org that it holds an article
    SAYS_THREAD,  # whether it declares by schema.org that it is a thread: posts, or a question and its answers
    PLACES,
) = range(22)

# The values of SPACE: nothing, a space, a line break, an empty line.
TOGETHER, APART, BROKEN, ENDED = range(4)


class Page(NamedTuple):
    """What the reader knows of a page. A page of n bytes yields at most n / 2 elements and n / 2 blocks."""

    html: np.ndarray  # uint8: the page in UTF-8, then a block of zeros
    text: np.ndarray  # uint8: the blocks' texts, one after the other, GAP bytes apart
    open: np.ndarray  # int64: what is open, by the indexes above
    open_tags: np.ndarray  # int64: by tag, how many of its elements are open

    # By element, in the order in which the elements start; the first is the body.
    parents: np.ndarray  # int32: the element around it, which has a lower number
    ends: np.ndarray  # int32: one more than the highest number of an element within
    tags: np.ndarray  # uint8
    signs: np.ndarray  # uint32: the signs that filters.html.signs names
    shapes: np.ndarray  # uint32: a hash of the tag and the class's first word; repeated elements share it
    orders: (
        np.ndarray
    )  # int32: the number of a list item; of a list, that of its last item; else the tag's place
    marks: np.ndarray  # int32: the element's first block; for a row, its first block that is not joined yet

    # By block, in the order of the page.
    kinds: np.ndarray  # uint8
    levels: np.ndarray  # uint8: the level of a heading; for a list item, how many lists are around it
    elements: np.ndarray  # int32: the innermost element that holds the block
    starts: np.ndarray  # int64: its text is text[start:stop]
    stops: np.ndarray  # int64
    linked: np.ndarray  # int64: how many bytes of its text are in links


def new_page(html: bytes) -> Page:
    """The state of a page before anything of it is read."""
    size = len(html)
    padded = np.zeros(size + 64, np.uint8)
    padded[:size] = np.frombuffer(html, np.uint8)
    most = size // 2 + 4
    kinds = {
        "tags": np.uint8,
        "signs": np.uint32,
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
