"""The tables of words whose ids are known. Their size is fixed: a newer word replaces the older one in its slot."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import load_bytes
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.tokens.ranked.vocabulary import hash_of

SHORT, LONG = 16, 48
"""The longest word, in bytes, of either table."""

KEYS = LONG // 8  # blocks of 64 bits in a long word

_SHORT_BITS, _LONG_BITS = 19, 15
_SHORT_IDS, _LONG_IDS = 4, 18
_BLOCKS, _LONG_BLOCKS = 4, 16  # blocks of 64 bits in a slot

_SHORT_SHIFT, _LONG_SHIFT = np.uint64(64 - _SHORT_BITS), np.uint64(64 - _LONG_BITS)
_ID = np.uint64(0xFFFFFF)
_HALF = np.uint64(0xFFFFFFFF)
_BYTE = np.uint64(0xFF)
_WAITS = np.uint64(0xFF)  # instead of the number of ids: the word waits for them
_8, _16, _24, _32, _40 = (np.uint64(bits) for bits in (8, 16, 24, 32, 40))
_1, _2, _3 = np.uint64(1), np.uint64(2), np.uint64(3)


class Words(NamedTuple):
    """Two tables. The slot of a short word holds its 16 bytes, padded with zeros; its mark, the number of its ids and
    the first two of them (8, 8, 24 and 24 bits); and two more ids. The slot of a long word holds its 48 bytes; its mark
    and the number of its ids; and the ids, 32 bits each. The mark is the word's length and whatever else its ids
    depend on.
    """

    short: npt.NDArray[np.uint64]
    long: npt.NDArray[np.uint64]


def words() -> Words:
    """Empty tables, 20 MiB. Keep them between calls with the same tokenizer. Only one thread at a time may use them."""
    return Words(np.zeros(_BLOCKS << _SHORT_BITS, np.uint64), np.zeros(_LONG_BLOCKS << _LONG_BITS, np.uint64))


def forget(words: Words) -> None:
    """Empty the tables."""
    words.short[:] = 0
    words.long[:] = 0


@inlined_kernel
def short_slot(mixed: np.uint64) -> np.uint64:
    """The first block of the slot of a short word with this hash."""
    return mixed >> _SHORT_SHIFT << _2


@inlined_kernel
def holds_short(words: Words, slot: np.uint64, low: np.uint64, high: np.uint64, mark: int) -> bool:
    """Whether a slot holds the word `low`, `high` with this mark."""
    held = words.short[slot + _2] & _BYTE
    return words.short[slot] == low and words.short[slot + _1] == high and held == np.uint64(mark)  # type: ignore[no-any-return]


@inlined_kernel
def number_of(held: np.uint64) -> int:
    """The number under which the word of a slot waits for its ids; -1 if it has them."""
    return np.int64(held >> _16) if held >> _8 & _BYTE == _WAITS else -1  # type: ignore[return-value]


@inlined_kernel
def write_short(held: np.uint64, more: np.uint64, ids: np.ndarray, to: int) -> int:
    """Write the ids in two blocks of a slot to ids[to:], which needs room for four; returns their number."""
    count = held >> _8 & _BYTE
    ids[to] = held >> _16 & _ID
    if count > _1:
        ids[to + 1] = held >> _40
        ids[to + 2] = more & _ID
        ids[to + 3] = more >> _24
    return np.int64(count)  # type: ignore[return-value]


@inlined_kernel
def expect_short(
    words: Words, slot: np.uint64, low: np.uint64, high: np.uint64, mark: int, number: int
) -> None:
    """Store a word whose ids are not known yet, with its number. `remember_short` must follow."""
    words.short[slot], words.short[slot + _1] = low, high
    words.short[slot + _2] = np.uint64(mark) | _WAITS << _8 | np.uint64(number) << _16


@inlined_kernel
def remember_short(
    words: Words,
    slot: np.uint64,
    low: np.uint64,
    high: np.uint64,
    mark: int,
    ids: np.ndarray,
    at: int,
    count: int,
) -> None:
    """Keep a word's ids, ids[at : at + count], if they are few enough; else leave the slot empty."""
    held = more = np.uint64(0)
    if count <= _SHORT_IDS:
        held = np.uint64(mark) | np.uint64(count) << _8 | np.uint64(ids[at]) << _16
        if count > 1:
            held |= np.uint64(ids[at + 1]) << _40
        if count > 2:
            more = np.uint64(ids[at + 2])
        if count > 3:
            more |= np.uint64(ids[at + 3]) << _24
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
def recall_long(words: Words, slot: np.uint64, key: np.ndarray, mark: int, ids: np.ndarray, to: int) -> int:
    """Write a word's ids to ids[to:]; returns their number, 0 if the slot holds another word."""
    held = words.long[slot + np.uint64(KEYS)]
    if held & _HALF != np.uint64(mark):
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
    words: Words, slot: np.uint64, key: np.ndarray, mark: int, ids: np.ndarray, at: int, count: int
) -> None:
    """Keep a long word's ids, ids[at : at + count], if they are few enough; else leave the slot as it is."""
    if count > _LONG_IDS:
        return
    for place in range(KEYS):
        words.long[slot + np.uint64(place)] = key[place]
    words.long[slot + np.uint64(KEYS)] = np.uint64(mark) | np.uint64(count) << _32
    for i in range(0, count, 2):
        low = np.uint64(ids[at + i])
        high = np.uint64(ids[at + i + 1]) if i + 1 < count else np.uint64(0)
        words.long[slot + np.uint64(KEYS + 1 + (i >> 1))] = low | high << _32
