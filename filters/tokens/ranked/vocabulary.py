"""The texts of the tokens, found by their bytes."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import fold, load_bytes
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel, kernel

_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)

NO_TOKEN, ONLY_WHOLE, ANYWHERE = 0, 1, 2
"""The use of a token: it never occurs, only as a whole pre-token, or anywhere."""


class Vocabulary(NamedTuple):
    """Token i is data[offsets[i] : offsets[i + 1]]; a token without bytes does not occur in texts."""

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    slots: npt.NDArray[np.uint64]  # a hash table, open addressing: upper half of the hash, id + 1; 0: empty
    use: npt.NDArray[np.uint8]  # [tokens]: NO_TOKEN, ONLY_WHOLE or ANYWHERE


def vocabulary(texts: list[bytes]) -> Vocabulary:
    """Lay out the bytes of the tokens, by id. All must differ, except empty ones. No token is in use yet."""
    offsets = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    data = np.frombuffer(b"".join(texts), np.uint8)
    slots = np.zeros(1 << (2 * len(texts)).bit_length(), np.uint64)
    laid = Vocabulary(data, offsets, slots, np.zeros(len(texts), np.uint8))
    _fill(laid)
    return laid


@inlined_kernel
def hash_of(low: np.uint64, high: np.uint64) -> np.uint64:
    """The hash of up to 16 bytes. Its upper bits are mixed best."""
    mixed: np.uint64 = fold(low ^ _FIRST, high ^ _SECOND)
    return mixed * _FIRST


@borrowing_kernel
def hash_text(data: np.ndarray, start: int, end: int) -> np.uint64:
    """The hash of a text. For up to 16 bytes, it is `hash_of` their two blocks."""
    low, high = load_bytes(data, start, min(16, end - start))
    mixed = hash_of(low, high)
    start += 16
    while start < end:
        low, high = load_bytes(data, start, min(16, end - start))
        mixed = hash_of(low ^ mixed, high)
        start += 16
    return mixed


@inlined_kernel
def first_slot(vocabulary: Vocabulary, mixed: np.uint64) -> np.uint64:
    """Where the search for a hash starts."""
    return mixed >> np.uint64(8) & np.uint64(len(vocabulary.slots) - 1)


@kernel
def _fill(vocabulary: Vocabulary) -> None:
    mask = np.uint64(len(vocabulary.slots) - 1)
    for identity in range(len(vocabulary.offsets) - 1):
        start, end = vocabulary.offsets[identity], vocabulary.offsets[identity + 1]
        if start == end:
            continue
        mixed = hash_text(vocabulary.data, start, end)
        at = first_slot(vocabulary, mixed)
        while vocabulary.slots[at]:
            at = (at + np.uint64(1)) & mask
        vocabulary.slots[at] = mixed >> _HALF << _HALF | np.uint64(identity + 1)


@inlined_kernel
def find_token(vocabulary: Vocabulary, mixed: np.uint64, data: np.ndarray, start: int, end: int) -> int:
    """The id of the token data[start:end], whose hash is `mixed`; -1 if there is none."""
    mask = np.uint64(len(vocabulary.slots) - 1)
    at = first_slot(vocabulary, mixed)
    while True:
        found = vocabulary.slots[at]
        if found == 0:
            return -1
        if found >> _HALF == mixed >> _HALF:
            identity = np.int64(found & _LOW) - 1
            begin = vocabulary.offsets[identity]
            if vocabulary.offsets[identity + 1] - begin == end - start:
                place = 0
                while place < end - start and vocabulary.data[begin + place] == data[start + place]:
                    place += 1
                if place == end - start:
                    return identity  # type: ignore[return-value]
        at = (at + np.uint64(1)) & mask
