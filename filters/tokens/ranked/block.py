"""Encodes words in blocks of up to a thousand: looks all of them up, then encodes the unknown ones side by side."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.aligned import table
from massivetext.filters.kernels.bits import load_bytes, prefetch, whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.widths import LEAST
from massivetext.filters.tokens.ranked.lanes import (
    STRIDE,
    WIDTH,
    Lanes,
    begin,
    collect,
    lanes,
    merge_all,
    set_rank,
)
from massivetext.filters.tokens.ranked.merges import Merges, bucket_of, lookup, pair
from massivetext.filters.tokens.ranked.model import Model, Symbols, first_ids, token_of, word_ids
from massivetext.filters.tokens.ranked.vocabulary import first_slot, hash_of, hash_text
from massivetext.filters.tokens.ranked.words import (
    KEYS,
    LONG,
    SHORT,
    Words,
    expect_short,
    long_slot,
    number_of,
    recall_long,
    remember_long,
    remember_short,
    short_line,
    short_slot,
    slot_for_new,
    write_short,
)

ITEMS = 1024

LITERAL, DOCUMENT_END = 0, 128
"""The marks of items that are not words."""

PART = 64
"""The mark of a word is its length, plus PART if the word is only a part of a pre-token."""

_LENGTH, _MARK = PART - 1, np.uint64(127)

# What the eight places of an item hold: where a word starts, the id, or the document's number; the mark; -1 for a word
# in the table, else its number among the new. For a short word, also its bytes in two blocks, where its slot is, and
# the two blocks of the slot with its ids.
_START, _KIND, _STATE, _LOW, _HIGH, _SLOT, _HELD, _MORE = (np.uint64(place) for place in range(8))
_SIZE = np.uint64(3)  # an item has 2³ places: one line of the processor's cache
_ONE, _TWO, _THREE, _EIGHT = (np.uint64(number) for number in (1, 2, 3, 8))
_SHORT = np.uint64(SHORT)


class Block(NamedTuple):
    """The items that were read, in order: words, ids to be written as they are, and ends of documents."""

    items: npt.NDArray[np.uint64]  # [ITEMS * 8]
    new: npt.NDArray[np.int64]  # [ITEMS]: by new word, its item
    counts: npt.NDArray[np.int64]  # [ITEMS]: by new word, the number of its ids
    ids: npt.NDArray[np.uint32]  # [ITEMS * LONG]: by new word, its ids
    key: npt.NDArray[np.uint64]  # [KEYS]: the bytes of the long word that is being looked up
    merging: npt.NDArray[np.int64]  # [WIDTH]: the numbers of the new words that are merged side by side
    lanes: Lanes


def block() -> Block:
    """An empty block."""
    return Block(
        table(ITEMS << 3, np.uint64),
        np.zeros(ITEMS, np.int64),
        np.zeros(ITEMS, np.int64),
        np.zeros(ITEMS * LONG, np.uint32),
        np.zeros(KEYS, np.uint64),
        np.zeros(WIDTH, np.int64),
        lanes(),
    )


@inlined_kernel
def add_word(
    block: Block, words: Words, items: int, data: np.ndarray, start: int, end: int, part: int
) -> None:
    """Put a word of at most LONG bytes into the block as item `items`, and prefetch its slots in the table."""
    length = end - start
    at = np.uint64(items) << _SIZE
    block.items[at | _START], block.items[at | _KIND] = start, length | part
    if length <= SHORT:
        low, high = load_bytes(data, start, length)
        line = short_line(hash_of(low, high))
        block.items[at | _LOW], block.items[at | _HIGH], block.items[at | _SLOT] = low, high, line
        prefetch(words.short, np.int64(line))


@inlined_kernel
def add_mark(block: Block, items: int, value: int, mark: int) -> None:
    """Put an id or the end of a document into the block as item `items`."""
    at = np.uint64(items) << _SIZE
    block.items[at | _START], block.items[at | _KIND] = value, mark


@borrowing_kernel
def encode_block(
    block: Block,
    items: int,
    model: Model,
    words: Words,
    data: np.ndarray,
    work: np.ndarray,
    ids: np.ndarray,
    to: int,
    starts: np.ndarray,
    counts: np.ndarray,
) -> int:
    """Write the ids of the first `items` items to ids[to:], and where documents end to `starts`; returns where the ids
    end. Adds the number of words to counts[0], and the number of new ones to counts[1].
    """
    new = _find_new(block, items, model, words, data, counts)
    _encode_new(block, new, model, data, work)
    to = _write(block, items, words, data, ids, to, starts)
    for number in range(new):
        at = np.uint64(block.new[number]) << _SIZE
        mark, first, count = block.items[at | _KIND], number * LONG, block.counts[number]
        length = whole(mark & np.uint64(_LENGTH))
        if length <= SHORT:
            low, high, slot = block.items[at | _LOW], block.items[at | _HIGH], block.items[at | _SLOT]
            remember_short(words, slot, low, high, mark, block.ids, first, count)
        else:
            start = whole(block.items[at | _START])
            slot = long_slot(data, start, start + length, block.key)
            remember_long(words, slot, block.key, mark, block.ids, first, count)
    return to


@inlined_kernel
def _find_new(
    block: Block, items: int, model: Model, words: Words, data: np.ndarray, counts: np.ndarray
) -> int:
    """Number the new words, those that the table does not hold; returns how many there are."""
    new = looked_up = 0
    for item in range(items):
        at = np.uint64(item) << _SIZE
        mark = block.items[at | _KIND]
        if not mark & _MARK:
            continue
        looked_up += 1
        if mark & np.uint64(_LENGTH) <= _SHORT:
            low, high, line = block.items[at | _LOW], block.items[at | _HIGH], block.items[at | _SLOT]
            slot = short_slot(words, line, low, high, mark)
            if slot - line != _EIGHT:
                held = words.short[slot + _TWO]
                block.items[at | _HELD], block.items[at | _MORE] = held, words.short[slot + _THREE]
                block.items[at | _STATE] = number_of(held)
                continue
            slot = slot_for_new(words, line, low)
            block.items[at | _SLOT] = slot
            expect_short(words, slot, low, high, mark, new)
            prefetch(model.vocabulary.slots, np.int64(first_slot(model.vocabulary, hash_of(low, high))))
        else:
            # The ids of a known long word are written twice: here, to see whether it is known, and by _write.
            start = whole(block.items[at | _START])
            slot = long_slot(data, start, start + whole(mark & np.uint64(_LENGTH)), block.key)
            count = recall_long(words, slot, block.key, mark, block.ids, new * LONG)
            if count:
                block.items[at | _STATE] = -1
                continue
        block.items[at | _STATE] = new
        block.new[new] = item
        new += 1
    counts[0] += looked_up
    counts[1] += new
    return new


@inlined_kernel
def _encode_new(block: Block, new: int, model: Model, data: np.ndarray, work: np.ndarray) -> None:
    waiting = 0
    for number in range(new):
        at = np.uint64(block.new[number]) << _SIZE
        start, mark = whole(block.items[at | _START]), whole(block.items[at | _KIND])
        length, is_whole = mark & _LENGTH, mark < PART
        if length > LEAST:
            block.counts[number] = word_ids(
                model.vocabulary, model.merges, model.symbols, data, start, start + length, is_whole,
                work, block.ids, number * LONG,
            )  # fmt: skip
            continue
        mixed = hash_text(data, start, start + length)
        identity = token_of(model.vocabulary, mixed, data, start, start + length, is_whole)
        if identity >= 0:
            block.ids[number * LONG] = identity
            block.counts[number] = 1
            continue
        block.merging[waiting] = number
        waiting += 1
        if waiting == WIDTH:
            _merge_waiting(block, waiting, model.merges, model.symbols, data)
            waiting = 0
    _merge_waiting(block, waiting, model.merges, model.symbols, data)


@borrowing_kernel
def _merge_waiting(block: Block, waiting: int, merges: Merges, symbols: Symbols, data: np.ndarray) -> None:
    """Merge up to WIDTH short words side by side."""
    lanes = block.lanes
    are_bytes = len(symbols.characters) == 0
    for word in range(waiting):
        at = np.uint64(block.new[block.merging[word]]) << _SIZE
        start = whole(block.items[at | _START])
        end = start + whole(block.items[at | _KIND] & np.uint64(_LENGTH))
        base = word * STRIDE
        count = first_ids(symbols, data, start, end, lanes.ids, base)
        begin(lanes, word, count)
        if are_bytes:
            for lane in range(count - 1):
                both = np.uint64(whole(data[start + lane]) << 8 | whole(data[start + lane + 1]))
                set_rank(lanes, word, lane, merges.first[both])
        else:
            for lane in range(count - 1):
                both = pair(lanes.ids[base + lane], lanes.ids[base + lane + 1])
                prefetch(merges.table, np.int64(bucket_of(merges.table, both)))
    if not are_bytes:
        for word in range(waiting):
            base, left = word * STRIDE, lanes.left[word] >> np.uint64(1)
            lane = 0
            while left:
                set_rank(
                    lanes, word, lane, lookup(merges, lanes.ids[base + lane], lanes.ids[base + lane + 1])
                )
                left &= left - np.uint64(1)
                lane += 1
    merge_all(merges, lanes, waiting)
    for word in range(waiting):
        number = block.merging[word]
        block.counts[number] = collect(lanes, word, block.ids, number * LONG)


@inlined_kernel
def _write(
    block: Block, items: int, words: Words, data: np.ndarray, ids: np.ndarray, to: int, starts: np.ndarray
) -> int:
    for item in range(items):
        at = np.uint64(item) << _SIZE
        mark, state = block.items[at | _KIND], whole(block.items[at | _STATE])
        if not mark & _MARK:
            if mark == LITERAL:
                ids[to] = block.items[at | _START]
                to += 1
            else:
                starts[block.items[at | _START] + _ONE] = to
        elif state >= 0:
            first = state * LONG
            for i in range(block.counts[state]):
                ids[to] = block.ids[first + i]
                to += 1
        elif mark & np.uint64(_LENGTH) <= _SHORT:
            to += write_short(block.items[at | _HELD], block.items[at | _MORE], ids, to)
        else:
            start = whole(block.items[at | _START])
            slot = long_slot(data, start, start + whole(mark & np.uint64(_LENGTH)), block.key)
            to += recall_long(words, slot, block.key, mark, ids, to)
    return to
