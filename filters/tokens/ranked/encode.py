"""Exact byte-pair encoding of UTF-8 buffers by the rules of a tokenizer.json.

Three facts make it fast without changing an id. Most pre-tokens occurred before, and a table of fixed size holds their
ids. No merge crosses a seam, so a long pre-token splits into chunks that occurred before. And new words are merged side
by side: while one waits for memory, the others go on.
"""

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, kernel
from massivetext.filters.tokens.ranked.added import next_added
from massivetext.filters.tokens.ranked.block import (
    DOCUMENT_END,
    ITEMS,
    LITERAL,
    PART,
    Block,
    add_mark,
    add_word,
    block,
    encode_block,
)
from massivetext.filters.tokens.ranked.layers import next_pre_token
from massivetext.filters.tokens.ranked.merges import ROWS
from massivetext.filters.tokens.ranked.model import Model, word_ids
from massivetext.filters.tokens.ranked.seams import chunk_end
from massivetext.filters.tokens.ranked.words import LONG, SHORT, Words

# The indexes of the state that _read keeps between blocks: int64[_PLACES].
DOCUMENT, AT, STOP, FIRST, AFTER, IDENTITY, DOCUMENT_STOP, CHUNK = range(8)
_PLACES = 8
_ROOM = 8  # items of a block that are kept free for marks


def encode(
    model: Model,
    words: Words,
    data: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int32],
    ids: npt.NDArray[np.unsignedinteger],
    bos: int,
    eos: int,
) -> tuple[npt.NDArray[np.int32], int, int]:
    """Encode the documents data[offsets[i] : offsets[i + 1]] (valid UTF-8) into `ids`, which needs room for as many ids
    as the documents have bytes, for two more a document, and for five more. `bos` comes before the ids of each document
    and `eos` after them, unless it is -1.

    Returns the start of each document in `ids` (int32[documents + 1]), the number of words that were looked up in
    `words`, and the number of those that it did not hold.
    """
    starts = np.zeros(len(offsets), np.int32)
    looked_up, missed = _encode(model, words, block(), data, offsets, ids, starts, bos, eos)
    return starts, looked_up, missed


@kernel
def _encode(
    model: Model,
    words: Words,
    block: Block,
    data: np.ndarray,
    offsets: np.ndarray,
    ids: np.ndarray,
    starts: np.ndarray,
    bos: int,
    eos: int,
) -> tuple[int, int]:
    work = np.empty((ROWS, 256), np.int64)
    ends = np.zeros(model.layers.number + 1, np.int64)
    state = np.zeros(_PLACES, np.int64)
    state[DOCUMENT], state[IDENTITY] = -1, -1
    counts = np.zeros(2, np.int64)
    to = 0
    while state[DOCUMENT] < len(offsets) - 1:
        items = _read(model, words, block, data, offsets, ends, state, bos, eos)
        to = encode_block(block, items, model, words, data, work, ids, to, starts, counts)
        length = state[CHUNK]
        if length:
            if length >= work.shape[1]:
                work = np.empty((ROWS, 2 * length), np.int64)
            at = state[AT]
            is_whole = at == state[FIRST] and at + length == state[STOP]
            to += word_ids(
                model.vocabulary, model.merges, model.symbols, data, at, at + length, is_whole, work, ids, to
            )
            state[AT] = at + length
    return counts[0], counts[1]


@borrowing_kernel
def _read(
    model: Model,
    words: Words,
    block: Block,
    data: np.ndarray,
    offsets: np.ndarray,
    ends: np.ndarray,
    state: np.ndarray,
    bos: int,
    eos: int,
) -> int:
    """Fill a block; returns the number of its items. The block ends early before a chunk that is too long for it, whose
    length is then in state[CHUNK]. It also ends after the last document; state[DOCUMENT] is then their number.

    ends[0] is the end of the section between added tokens; data[FIRST:STOP] is the pre-token that is being read.
    """
    items, at, stop, first = 0, state[AT], state[STOP], state[FIRST]
    state[CHUNK] = 0
    while items < ITEMS - _ROOM:
        if at < stop:  # within a long pre-token
            end = chunk_end(model.seams, data, at, stop)
            if end - at > LONG:
                state[CHUNK] = end - at
                break
            add_word(block, words, items, data, at, end, 0 if at == first and end == stop else PART)
            items += 1
            at = end
        elif at < ends[0]:
            while at < ends[0] and items < ITEMS - _ROOM:
                first, stop = next_pre_token(model.layers, ends, data, at)
                if stop - first > SHORT:
                    at = first
                    break
                if first < stop:
                    add_word(block, words, items, data, first, stop, 0)
                    items += 1
                at = stop
        else:
            if state[IDENTITY] >= 0:
                add_mark(block, items, state[IDENTITY], LITERAL)
                items += 1
                at = state[AFTER]
            if state[DOCUMENT] < 0 or at == state[DOCUMENT_STOP]:
                if state[DOCUMENT] >= 0:
                    if eos >= 0:
                        add_mark(block, items, eos, LITERAL)
                        items += 1
                    add_mark(block, items, state[DOCUMENT], DOCUMENT_END)
                    items += 1
                state[DOCUMENT] += 1
                if state[DOCUMENT] == len(offsets) - 1:
                    break
                at = whole(offsets[state[DOCUMENT]])
                state[DOCUMENT_STOP] = whole(offsets[state[DOCUMENT] + 1])
                if bos >= 0:
                    add_mark(block, items, bos, LITERAL)
                    items += 1
            ends[0], state[AFTER], state[IDENTITY] = next_added(model.added, data, at, state[DOCUMENT_STOP])
            ends[1:] = at
            first = stop = at
    state[AT], state[STOP], state[FIRST] = at, stop, first
    return items
