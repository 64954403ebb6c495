"""Encodes words in blocks of up to a thousand: looks all of them up, then encodes the unknown ones side by side."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import LANES, load_bytes, prefetch, whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
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
    holds_short,
    long_slot,
    number_of,
    recall_long,
    remember_long,
    remember_short,
    short_slot,
    write_short,
)

ITEMS = 1024

LITERAL, DOCUMENT_END = 0, -1
"""The marks of items that are not words."""

PART = 64
"""The mark of a word is its length, plus PART if the word is only a part of a pre-token."""

_LENGTH = PART - 1


class Block(NamedTuple):
    """The items that were read, in order: words, ids to be written as they are, and ends of documents."""

    # By item.
    starts: npt.NDArray[np.int64]  # [ITEMS]: where a word starts, the id, or the document's number
    marks: npt.NDArray[np.int64]  # [ITEMS]: a word's length and PART, or LITERAL, or DOCUMENT_END
    states: npt.NDArray[np.int64]  # [ITEMS]: -1 for a word in the table, else its number among the new
    new: npt.NDArray[np.int64]  # [ITEMS]: by new word, its item
    counts: npt.NDArray[np.int64]  # [ITEMS]: by new word, the number of its ids
    # By item that is a short word: its bytes in two blocks, its hash, and the two blocks of the table with its ids.
    lows: npt.NDArray[np.uint64]  # [ITEMS]
    highs: npt.NDArray[np.uint64]
    hashes: npt.NDArray[np.uint64]
    held: npt.NDArray[np.uint64]
    more: npt.NDArray[np.uint64]
    ids: npt.NDArray[np.uint32]  # [ITEMS * LONG]: by new word, its ids
    key: npt.NDArray[np.uint64]  # [KEYS]: the bytes of the long word that is being looked up
    merging: npt.NDArray[np.int64]  # [WIDTH]: the numbers of the new words that are merged side by side
    lanes: Lanes


def block() -> Block:
    """An empty block."""
    numbers = [np.zeros(ITEMS, np.int64) for _ in range(5)]
    words = [np.zeros(ITEMS, np.uint64) for _ in range(5)]
    new_ids, key = np.zeros(ITEMS * LONG, np.uint32), np.zeros(KEYS, np.uint64)
    return Block(*numbers, *words, new_ids, key, np.zeros(WIDTH, np.int64), lanes())  # type: ignore[arg-type, call-arg]


@inlined_kernel
def add_word(
    block: Block, words: Words, items: int, data: np.ndarray, start: int, end: int, part: int
) -> None:
    """Put a word of at most LONG bytes into the block as item `items`, and prefetch its slot in the table."""
    length = end - start
    block.starts[items], block.marks[items] = start, length | part
    if length <= SHORT:
        low, high = load_bytes(data, start, length)
        mixed = hash_of(low, high)
        block.lows[items], block.highs[items], block.hashes[items] = low, high, mixed
        prefetch(words.short, np.int64(short_slot(mixed)))


@inlined_kernel
def add_mark(block: Block, items: int, value: int, mark: int) -> None:
    """Put an id or the end of a document into the block as item `items`."""
    block.starts[items], block.marks[items] = value, mark


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
        item = block.new[number]
        mark, at, count = block.marks[item], number * LONG, block.counts[number]
        if mark & _LENGTH <= SHORT:
            slot = short_slot(block.hashes[item])
            remember_short(words, slot, block.lows[item], block.highs[item], mark, block.ids, at, count)
        else:
            start = block.starts[item]
            slot = long_slot(data, start, start + (mark & _LENGTH), block.key)
            remember_long(words, slot, block.key, mark, block.ids, at, count)
    return to


@inlined_kernel
def _find_new(
    block: Block, items: int, model: Model, words: Words, data: np.ndarray, counts: np.ndarray
) -> int:
    """Number the new words, those that the table does not hold; returns how many there are."""
    new = 0
    for item in range(items):
        mark = block.marks[item]
        if mark <= 0:
            continue
        counts[0] += 1
        if mark & _LENGTH <= SHORT:
            low, high, mixed = block.lows[item], block.highs[item], block.hashes[item]
            slot = short_slot(mixed)
            if holds_short(words, slot, low, high, mark):
                held = words.short[slot + np.uint64(2)]
                block.held[item], block.more[item] = held, words.short[slot + np.uint64(3)]
                block.states[item] = number_of(held)
                continue
            expect_short(words, slot, low, high, mark, new)
            prefetch(model.vocabulary.slots, np.int64(first_slot(model.vocabulary, mixed)))
        else:
            # The ids of a known long word are written twice: here, to see whether it is known, and by _write.
            start = block.starts[item]
            slot = long_slot(data, start, start + (mark & _LENGTH), block.key)
            count = recall_long(words, slot, block.key, mark, block.ids, new * LONG)
            if count:
                block.states[item] = -1
                continue
        block.states[item] = new
        block.new[new] = item
        new += 1
    counts[1] += new
    return new


@inlined_kernel
def _encode_new(block: Block, new: int, model: Model, data: np.ndarray, work: np.ndarray) -> None:
    waiting = 0
    for number in range(new):
        item = block.new[number]
        start, mark = block.starts[item], block.marks[item]
        length, is_whole = mark & _LENGTH, mark < PART
        if length > LANES:
            block.counts[number] = word_ids(
                model.vocabulary, model.merges, model.symbols, data, start, start + length, is_whole,
                work, block.ids, number * LONG,
            )  # fmt: skip
            continue
        mixed = block.hashes[item] if length <= SHORT else hash_text(data, start, start + length)
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
        item = block.new[block.merging[word]]
        start = block.starts[item]
        end = start + (block.marks[item] & _LENGTH)
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
        mark, start = block.marks[item], block.starts[item]
        if mark == LITERAL:
            ids[to] = start
            to += 1
        elif mark == DOCUMENT_END:
            starts[start + 1] = to
        elif block.states[item] >= 0:
            at = block.states[item] * LONG
            for i in range(block.counts[block.states[item]]):
                ids[to] = block.ids[at + i]
                to += 1
        elif mark & _LENGTH <= SHORT:
            to += write_short(block.held[item], block.more[item], ids, to)
        else:
            slot = long_slot(data, start, start + (mark & _LENGTH), block.key)
            to += recall_long(words, slot, block.key, mark, ids, to)
    return to
