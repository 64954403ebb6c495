"""Short texts that stand on a page again and again: labels of what is repeated, and copies."""

import numpy as np

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.names import BASIS, HALF, add, lower
from massivetext.filters.html.page import BLOCKS, CODE, Page
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel

LABEL = 40  # characters: a text that is longer is no label
TIMES = 3  # a text without digits that stands so often labels something
CLOSE, NEAR = 2, 6  # blocks: a copy so close is part of the same item; one so near is no other item's text


@borrowing_kernel
def leave_out_repeats(page: Page, choice: Choice) -> None:
    """Leaves out labels that are repeated, and copies of a text."""
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
    """The place of a block's text in the table of texts."""
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
