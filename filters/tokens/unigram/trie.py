"""A trie of byte strings as a double array: from a node and a byte to the next node."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import inlined_kernel, kernel

_PARENT = np.uint64(0xFFFFFFFF)
_FREE = _PARENT  # no node has this parent
_HALF = np.uint64(32)
_CROWDED = 0.95  # share of taken places from which on a stretch is searched no more


class Trie(NamedTuple):
    """A node is an index of `units`; the root is 0. A unit holds its parent in the lower half, and in the upper half
    the place that its children are found from: child = place + byte.
    """

    units: npt.NDArray[np.uint64]
    values: npt.NDArray[np.int32]  # by node, the value of the string that ends there; -1 for none


def trie(texts: Mapping[bytes, int]) -> Trie:
    """The trie of some strings, none of them empty, with their values."""
    ordered = sorted(texts)
    data = np.frombuffer(b"".join(ordered), np.uint8)
    ends = np.cumsum([0, *map(len, ordered)], dtype=np.int64)
    values = np.array([texts[text] for text in ordered], np.int32)
    units = np.full(4 * len(data) + 1024, _FREE, np.uint64)
    by_node = np.full(len(units), -1, np.int32)
    used = _fill(data, ends, values, units, by_node)
    return Trie(units[: used + 256].copy(), by_node[: used + 256].copy())


@inlined_kernel
def child(trie: Trie, node: int, byte: int) -> int:
    """The node that a byte leads to; 0 if there is none."""
    at = whole(trie.units[node] >> _HALF) + byte
    return at if trie.units[at] & _PARENT == np.uint64(node) else 0


@kernel
def _fill(
    data: np.ndarray, ends: np.ndarray, values: np.ndarray, units: np.ndarray, by_node: np.ndarray
) -> int:
    """Place the nodes of sorted strings; returns the last index that is taken."""
    # The nodes whose children are not placed yet: the strings from first to stop share the bytes up to depth.
    waiting = np.empty((len(data) + 2, 4), np.int64)
    waiting[0] = 0, 0, len(ends) - 1, 0
    count, search, used = 1, 1, 0
    bytes_ = np.empty(256, np.int64)
    firsts = np.empty(257, np.int64)
    units[0] = 0  # taken: the root's parent is never looked at
    while count:
        count -= 1
        node, first, stop, depth = waiting[count]
        if first < stop and ends[first + 1] - ends[first] == depth:  # the shortest comes first
            by_node[node] = values[first]
            first += 1
        number = 0
        for at in range(first, stop):
            byte = whole(data[ends[at] + depth])
            if number == 0 or bytes_[number - 1] != byte:
                bytes_[number], firsts[number] = byte, at
                number += 1
        firsts[number] = stop
        if number == 0:
            units[node] = units[node] & _PARENT | np.uint64(len(units) - 256) << _HALF
            continue
        base, search = _place(units, bytes_, number, search)
        units[node] = units[node] & _PARENT | np.uint64(base) << _HALF
        for each in range(number):
            following = base + bytes_[each]
            units[following] = np.uint64(node)
            used = max(used, following)
            waiting[count] = following, firsts[each], firsts[each + 1], depth + 1
            count += 1
    # Nodes without children point to the free places at the end.
    for node in range(used + 1):
        if units[node] >> _HALF == np.uint64(len(units) - 256):
            units[node] = units[node] & _PARENT | np.uint64(used) << _HALF
    return used


@kernel
def _place(units: np.ndarray, bytes_: np.ndarray, number: int, search: int) -> tuple[int, int]:
    """The first place from which all children of a node are free, and where the next search may begin."""
    while units[search] != _FREE:
        search += 1
    at, taken = search, 0
    while True:
        base = at - bytes_[0]
        if units[at] == _FREE and base > 0:
            fits = True
            for each in range(1, number):
                if units[base + bytes_[each]] != _FREE:
                    fits = False
                    break
            if fits:
                crowded = at > search and taken / (at - search) >= _CROWDED
                return base, at if crowded else search
        else:
            taken += 1
        at += 1
