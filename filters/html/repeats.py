"""Leaves out texts that a page repeats: labels that stand beside every item, and copies."""

import numpy as np

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.names import BASIS, HALF, add, lower
from massivetext.filters.html.page import BLOCKS, CODE, Page
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

LABEL = 40  # characters: a longer text is not a label
TIMES = 3  # a short text without digits that occurs so often is a label
CLOSE, NEAR = 2, 6  # blocks: within CLOSE, a copy is of the same item; within NEAR, a short copy goes, too


@borrowing_kernel
def leave_out_repeats(page: Page, choice: Choice) -> None:
    """Leaves out copies of a text (of a short text only those near the last one), then labels."""
    for block in range(page.open[BLOCKS]):
        if choice.kept[block] and page.kinds[block] != CODE:
            slot = _slot(page, choice, block)
            away = block - choice.last_seen[slot]
            seen = choice.times_seen[slot] > 0
            choice.kept[block] = not (seen and (choice.sizes[block] > LABEL or away <= NEAR))
            choice.times_seen[slot] += not seen or away > CLOSE
            choice.last_seen[slot] = block
    for block in range(page.open[BLOCKS]):
        if choice.kept[block] and page.kinds[block] != CODE and choice.sizes[block] <= LABEL:
            slot = _slot(page, choice, block)
            if choice.times_seen[slot] >= TIMES and not _has_digit(page, block):
                choice.kept[block] = False


@borrowing_kernel
def _slot(page: Page, choice: Choice, block: int) -> int:
    """The slot of a block's text in the hash table of texts; a new text takes a free one."""
    key = BASIS
    for at in range(page.starts[block], page.stops[block]):
        key = add(key, lower(whole(page.text[at])))
    key |= np.uint64(1)
    last = len(choice.texts_seen) - 1
    slot = whole(key ^ key >> HALF) & last
    while choice.texts_seen[slot] and choice.texts_seen[slot] != key:
        slot = (slot + 1) & last
    choice.texts_seen[slot] = key
    return slot


@borrowing_kernel
def _has_digit(page: Page, block: int) -> bool:
    found = False
    for at in range(page.starts[block], page.stops[block]):
        found |= 0x30 <= page.text[at] <= 0x39
    return found
