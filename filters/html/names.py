"""Hash tables of names for kernels: they map the hash of a name to the name's number."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel

# FNV-1a with 64 bits. Another name has the hash of a name in a table with a probability near 2⁻⁶⁴.
BASIS = np.uint64(0xCBF29CE484222325)
PRIME = np.uint64(0x100000001B3)
HALF = np.uint64(32)
NONE = -1


def table(names: Mapping[str, int]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """A hash table with open addressing: the names' hashes, uint64 with 0 for a free slot, and their numbers, int64."""
    size = 1 << (2 * len(names)).bit_length()
    keys, numbers = np.zeros(size, np.uint64), np.zeros(size, np.int64)
    for name, number in names.items():
        key = BASIS
        with np.errstate(over="ignore"):
            for byte in name.encode():
                key = (key ^ np.uint64(byte)) * PRIME
        slot = int(key ^ key >> HALF) & (size - 1)
        while keys[slot]:
            slot = (slot + 1) & (size - 1)
        keys[slot], numbers[slot] = key, number
    return keys, numbers


@inlined_kernel
def add(key: np.uint64, byte: int) -> np.uint64:
    """The hash of a name with one more byte, from the hash of the name."""
    return (key ^ np.uint64(byte)) * PRIME


@borrowing_kernel
def look_up(keys: np.ndarray, numbers: np.ndarray, key: np.uint64) -> int:
    """The number of the name with this hash; NONE if the table does not hold it."""
    slot = whole((key ^ key >> HALF) & np.uint64(len(keys) - 1))
    while keys[slot]:
        if keys[slot] == key:
            return whole(numbers[slot])
        slot = (slot + 1) & (len(keys) - 1)
    return NONE


@inlined_kernel
def lower(byte: int) -> int:
    """An ASCII byte, lower-cased."""
    return byte + 32 if 0x41 <= byte <= 0x5A else byte


@borrowing_kernel
def hash_name(data: np.ndarray, at: int, end: int) -> np.uint64:
    """The hash of data[at:end], lower-cased."""
    key = BASIS
    while at < end:
        key = add(key, lower(whole(data[at])))
        at += 1
    return key
