"""Leaves out texts that a page repeats: labels that stand beside every item, and copies."""

import numpy as np

from massivetext.filters.html.choice import Choice
from massivetext.filters.html.names import BASIS, HALF
from massivetext.filters.html.page import BLOCKS, CODE, Page
from massivetext.filters.kernels.bits import fold, load_bytes, whole
from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.utf8 import lower_ascii

LOW, HIGH = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)  # factors of the hash
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
    at, stop = whole(page.starts[block]), whole(page.stops[block])
    key = BASIS ^ np.uint64(stop - at)
    while at < stop:
        low, high = load_bytes(page.text, at, min(stop - at, 16))
        key = fold(fold(key ^ lower_ascii(low), LOW) ^ lower_ascii(high), HIGH)
        at += 16
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
