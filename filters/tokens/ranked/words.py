"""The tables of words whose ids are known. Their size is fixed: a newer word replaces the older one in its slot."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.aligned import table
from massivetext.filters.kernels.bits import load_bytes
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel, kernel
from massivetext.filters.tokens.ranked.merges import ID_BITS
from massivetext.filters.tokens.ranked.vocabulary import NO_TOKEN, Vocabulary, hash_of

SHORT, LONG = 16, 48
"""The longest word, in bytes, of either table."""

KEYS = LONG // 8  # blocks of 64 bits in a long word

_SHORT_BITS, _LONG_BITS = 18, 15
_SHORT_IDS, _LONG_IDS = 5, 18
_BLOCKS, _LONG_BLOCKS = 4, 16  # blocks of 64 bits in a slot

_SHORT_SHIFT, _LONG_SHIFT = np.uint64(64 - _SHORT_BITS), np.uint64(64 - _LONG_BITS)
_ID = np.uint64((1 << ID_BITS) - 1)
_HALF = np.uint64(0xFFFFFFFF)
_BYTE = np.uint64(0xFF)
_WAITS = np.uint64(0xFF)  # instead of the number of ids: the word waits for them
_8, _16, _32 = np.uint64(8), np.uint64(16), np.uint64(32)
_SECOND, _FOURTH, _FIFTH = np.uint64(16 + ID_BITS), np.uint64(ID_BITS), np.uint64(2 * ID_BITS)
_1, _2, _3, _4 = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
_NOWHERE = np.uint64(0xFFFFFFFFFFFFFFFF)


class Words(NamedTuple):
    """Two tables. The table of short words has lines of two slots, since the processor loads 64 bytes at a time. The
    slot of a short word holds its 16 bytes, padded with zeros; its mark, the number of its ids and the first two of
    them (8, 8, 20 and 20 bits); and three more ids. The slot of a long word holds its 48 bytes; its mark and the number
    of its ids; and the ids, 32 bits each. The mark is the word's length and whatever else its ids depend on.
    """

    short: npt.NDArray[np.uint64]
    long: npt.NDArray[np.uint64]


def words() -> Words:
    """Empty tables, 20 MiB. Keep them between calls with the same tokenizer. Only one thread at a time may use them."""
    return Words(table(2 * _BLOCKS << _SHORT_BITS, np.uint64), table(_LONG_BLOCKS << _LONG_BITS, np.uint64))


def forget(words: Words) -> None:
    """Empty the tables."""
    words.short[:] = 0
    words.long[:] = 0


@kernel
def remember_tokens(words: Words, vocabulary: Vocabulary) -> None:
    """Keep every short token that may be a word by itself, so that it is known when a text holds it first."""
    ids = np.zeros(1, np.int64)
    for identity in range(len(vocabulary.use)):
        start, end = vocabulary.offsets[identity], vocabulary.offsets[identity + 1]
        if vocabulary.use[identity] != NO_TOKEN and 0 < end - start <= SHORT:
            low, high = load_bytes(vocabulary.data, start, end - start)
            ids[0] = identity
            slot = slot_for_new(words, short_line(hash_of(low, high)), low)
            remember_short(words, slot, low, high, end - start, ids, 0, 1)


@inlined_kernel
def short_line(mixed: np.uint64) -> np.uint64:
    """The first block of the two slots of a short word with this hash."""
    return mixed >> _SHORT_SHIFT << _3


@inlined_kernel
def short_slot(words: Words, line: np.uint64, low: np.uint64, high: np.uint64, mark: np.uint64) -> np.uint64:
    """The slot of a line that holds the word `low`, `high` with this mark; `line` + 8 if neither does."""
    table = words.short
    if table[line] == low and table[line + _1] == high and table[line + _2] & _BYTE == mark:
        return line
    line += _4
    if table[line] == low and table[line + _1] == high and table[line + _2] & _BYTE == mark:
        return line
    return line + _4


@inlined_kernel
def slot_for_new(words: Words, line: np.uint64, low: np.uint64) -> np.uint64:
    """The slot of a line for a new word: the first if it is empty, then the second if it is, and else one of the two by
    the bits of the word.
    """
    if words.short[line + _2] == 0:
        return line
    if words.short[line + _4 + _2] == 0:
        return line + _4
    return line + ((low >> _3 ^ low >> _8 ^ low >> _16) & _4)


@inlined_kernel
def number_of(held: np.uint64) -> int:
    """The number under which the word of a slot waits for its ids; -1 if it has them."""
    return np.int64(held >> _16) if held >> _8 & _BYTE == _WAITS else -1  # type: ignore[return-value]


@inlined_kernel
def write_short(held: np.uint64, more: np.uint64, ids: np.ndarray, to: int) -> int:
    """Write the ids in two blocks of a slot to ids[to:], which needs room for five; returns their number."""
    count = held >> _8 & _BYTE
    ids[to] = held >> _16 & _ID
    ids[to + 1] = held >> _SECOND
    if count > _2:
        ids[to + 2] = more & _ID
        ids[to + 3] = more >> _FOURTH & _ID
        ids[to + 4] = more >> _FIFTH
    return np.int64(count)  # type: ignore[return-value]


@inlined_kernel
def expect_short(
    words: Words, slot: np.uint64, low: np.uint64, high: np.uint64, mark: np.uint64, number: int
) -> None:
    """Store a word whose ids are not known yet, with its number. `remember_short` must follow."""
    words.short[slot], words.short[slot + _1] = low, high
    words.short[slot + _2] = mark | _WAITS << _8 | np.uint64(number) << _16


@inlined_kernel
def remember_short(
    words: Words,
    slot: np.uint64,
    low: np.uint64,
    high: np.uint64,
    mark: np.uint64,
    ids: np.ndarray,
    at: int,
    count: int,
) -> None:
    """Keep a word's ids, ids[at : at + count], if they are few enough; else leave the slot empty."""
    held = more = np.uint64(0)
    if count <= _SHORT_IDS:
        held = np.uint64(mark) | np.uint64(count) << _8 | np.uint64(ids[at]) << _16
        if count > 1:
            held |= np.uint64(ids[at + 1]) << _SECOND
        if count > 2:
            more = np.uint64(ids[at + 2])
        if count > 3:
            more |= np.uint64(ids[at + 3]) << _FOURTH
        if count > 4:
            more |= np.uint64(ids[at + 4]) << _FIFTH
    words.short[slot], words.short[slot + _1] = low, high
    words.short[slot + _2], words.short[slot + _3] = held, more


@borrowing_kernel
def long_slot(data: np.ndarray, start: int, end: int, key: np.ndarray) -> np.uint64:
    """The first block of a long word's slot; fills in its key, uint64[KEYS]."""
    mixed = np.uint64(end - start)
    for block in range(0, KEYS, 2):
        low = high = np.uint64(0)
        if start < end:
            low, high = load_bytes(data, start, min(16, end - start))
            mixed = hash_of(low ^ mixed, high)
        key[block], key[block + 1] = low, high
        start += 16
    return mixed >> _LONG_SHIFT << np.uint64(4)


@borrowing_kernel
def recall_long(
    words: Words, slot: np.uint64, key: np.ndarray, mark: np.uint64, ids: np.ndarray, to: int
) -> int:
    """Write a word's ids to ids[to:]; returns their number, 0 if the slot holds another word."""
    held = words.long[slot + np.uint64(KEYS)]
    if held & _HALF != mark:
        return 0
    for place in range(KEYS):
        if words.long[slot + np.uint64(place)] != key[place]:
            return 0
    count = np.int64(held >> _32)
    for i in range(count):
        block = words.long[slot + np.uint64(KEYS + 1 + (i >> 1))]
        ids[to + i] = block >> np.uint64((i & 1) * 32) & _HALF
    return count  # type: ignore[return-value]


@borrowing_kernel
def remember_long(
    words: Words, slot: np.uint64, key: np.ndarray, mark: np.uint64, ids: np.ndarray, at: int, count: int
) -> None:
    """Keep a long word's ids, ids[at : at + count], if they are few enough; else leave the slot as it is."""
    if count > _LONG_IDS:
        return
    for place in range(KEYS):
        words.long[slot + np.uint64(place)] = key[place]
    words.long[slot + np.uint64(KEYS)] = mark | np.uint64(count) << _32
    for i in range(0, count, 2):
        low = np.uint64(ids[at + i])
        high = np.uint64(ids[at + i + 1]) if i + 1 < count else np.uint64(0)
        words.long[slot + np.uint64(KEYS + 1 + (i >> 1))] = low | high << _32
