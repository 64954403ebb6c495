"""Bits and bytes: machine instructions that numpy does not offer, and steps made of them."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np

from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.later import Instruction
from massivetext.filters.kernels.widths import BLOCK

byte = np.uint8


def _instruction(name: str) -> Callable[..., Any]:
    def make() -> Callable[..., Any]:
        from massivetext.filters.kernels import instructions

        return cast(Callable[..., Any], getattr(instructions, name))

    return cast(Callable[..., Any], Instruction(make))


load_word = _instruction("load_word")
trailing_zeros = _instruction("trailing_zeros")
leading_zeros = _instruction("leading_zeros")
ones = _instruction("ones")
fold = _instruction("fold")
least = _instruction("least")
prefetch = _instruction("prefetch")
_find = _instruction("find_in_block")


@inlined_kernel
def find(data: np.ndarray, at: int, first: np.uint8, last: np.uint8) -> np.uint64:
    """The mask of the bytes of data[at : at + 64] that lie in first..last; bits beyond the data are 0."""
    if at + BLOCK <= len(data):
        found: np.uint64 = _find(data, at, first, last)
        return found
    return _find_to_end(data, at, first, last)


@borrowing_kernel
def _find_to_end(data: np.ndarray, at: int, first: np.uint8, last: np.uint8) -> np.uint64:
    found = np.uint64(0)
    for bit in range(len(data) - at):
        found |= np.uint64(first <= data[at + bit] <= last) << np.uint64(bit)
    return found


@inlined_kernel
def whole(value: Any) -> int:
    """An integer of any type as int64, the type of indices, so that a kernel is compiled for one type."""
    return np.int64(value)  # type: ignore[return-value]


@inlined_kernel
def below(bit: int) -> np.uint64:
    """The mask of all bits below `bit`; all 64 bits if that is 64 or more."""
    return ~np.uint64(0) if bit >= BLOCK else (np.uint64(1) << np.uint64(bit)) - np.uint64(1)


@inlined_kernel
def load_bytes(data: np.ndarray, at: int, size: int) -> tuple[np.uint64, np.uint64]:
    """data[at : at + size], 1 to 16 bytes, as two little-endian uint64, padded with zeros."""
    if at + 16 <= len(data):
        return load_word(data, at) & below(8 * size), load_word(data, at + 8) & below(8 * max(size - 8, 0))
    return _load_near_end(data, at, size)


@borrowing_kernel
def _load_near_end(data: np.ndarray, at: int, size: int) -> tuple[np.uint64, np.uint64]:
    low, high = np.uint64(0), np.uint64(0)
    for place in range(size):
        bits = np.uint64(data[at + place]) << np.uint64(8 * (place & 7))
        if place < 8:
            low |= bits
        else:
            high |= bits
    return low, high
