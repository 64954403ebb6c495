"""Added tokens: texts that get ids of their own before anything else is split or merged."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import find, trailing_zeros
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.widths import BLOCK

MOST_RANGES = 4
IN_TEXT = -2  # instead of a token's id: where a text holds the token's name, it is ordinary text


class Added(NamedTuple):
    """A trie of the tokens' bytes. The edges firsts[node] : firsts[node + 1] leave a node: by the byte bytes[edge] to
    the node children[edge].
    """

    ranges: npt.NDArray[np.uint8]  # [n, 2]: every token starts with a byte in one of these ranges
    firsts: npt.NDArray[np.int32]
    bytes: npt.NDArray[np.uint8]
    children: npt.NDArray[np.int32]
    ids: npt.NDArray[np.int32]  # by node: the id of the token that ends there, or IN_TEXT; -1 without a token


def added(tokens: dict[bytes, int]) -> Added:
    """Lay out the tokens with their ids. A token with IN_TEXT only keeps other tokens from being found within it."""
    nodes: list[dict[int, int]] = [{}]
    ids = [-1]
    for text, identity in tokens.items():
        node = 0
        for byte in text:
            if byte not in nodes[node]:
                nodes[node][byte] = len(nodes)
                nodes.append({})
                ids.append(-1)
            node = nodes[node][byte]
        ids[node] = identity
    firsts = np.cumsum([0, *map(len, nodes)]).astype(np.int32)
    edges = [edge for node in nodes for edge in sorted(node.items())]
    table = np.array(edges, np.int64).reshape(-1, 2)
    return Added(
        _ranges(sorted(nodes[0])), firsts, table[:, 0].astype(np.uint8), table[:, 1].astype(np.int32),
        np.array(ids, np.int32),
    )  # fmt: skip


def _ranges(starts: list[int]) -> npt.NDArray[np.uint8]:
    """At most MOST_RANGES ranges that hold all these bytes and few others: they leave out the widest gaps."""
    gaps = sorted(range(1, len(starts)), key=lambda i: starts[i - 1] - starts[i])[: MOST_RANGES - 1]
    bounds = [0, *sorted(gaps), len(starts)]
    pairs = [(starts[a], starts[b - 1]) for a, b in pairwise(bounds) if a < b]
    return np.array(pairs, np.uint8).reshape(-1, 2)


@borrowing_kernel
def next_added(added: Added, data: np.ndarray, at: int, end: int) -> tuple[int, int, int]:
    """The first added token from a position on: its start, its end and its id. Of several that start at one place, the
    longest counts. If there is none, the start is the text's end.
    """
    while at < end and len(added.ranges):
        mask = np.uint64(0)
        for row in range(len(added.ranges)):
            mask |= find(data, at, added.ranges[row, 0], added.ranges[row, 1])
        base = at
        at += BLOCK
        while mask:
            place = base + trailing_zeros(mask)
            if place >= end:
                break
            mask &= mask - np.uint64(1)
            stop, identity = _longest(added, data, place, end)
            if identity >= 0:
                return place, stop, identity
            if identity == IN_TEXT:
                at = stop
                break
    return end, end, -1


@inlined_kernel
def _longest(added: Added, data: np.ndarray, at: int, end: int) -> tuple[int, int]:
    """The end and the id of the longest token that starts at a position; the id is -1 if none does."""
    node, stop, identity = 0, at, -1
    while at < end:
        byte, child = data[at], 0
        for edge in range(added.firsts[node], added.firsts[node + 1]):
            if added.bytes[edge] == byte:
                child = added.children[edge]
        if child == 0:
            break
        node = child
        at += 1
        if added.ids[node] != -1:
            stop, identity = at, added.ids[node]
    return stop, identity
