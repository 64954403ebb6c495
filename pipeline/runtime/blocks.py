"""Blocks: pack many rows into one array, since Beam has a cost per element.

A pointer is the place of a document: part << 32 | row among the part's documents that the rules keep.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from massivetext.pipeline.storage.arrays import Array

Item = TypeVar("Item")
Block = tuple[int, bytes]  # the key by which rows are grouped, and the rows

_MOST_SMALL = 64
_SMALL_BYTES = 4 << 20
_LARGE_BYTES = 64 << 20


def partitions_of(size: int) -> int:
    """Returns over how many partitions rows of so many bytes are spread: some for every core, each small enough to be
    sorted in memory. Results do not depend on it."""
    return max(1, min(_MOST_SMALL, -(-size // _SMALL_BYTES)), -(-size // _LARGE_BYTES))


def in_batches(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    """Divides items into as many batches of neighbours as there are partitions, so that each batch fills large
    blocks."""
    count = min(len(items), max(_MOST_SMALL, partitions_of(size)))
    for number in range(count):
        yield list(items[number * len(items) // count : (number + 1) * len(items) // count])


def part_of(pointers: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    return (pointers >> np.uint64(32)).astype(np.int64)


def row_of(pointers: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    return (pointers & np.uint64(0xFFFFFFFF)).astype(np.int64)


def pointers(part: int, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    return np.uint64(part << 32) | rows.astype(np.uint64)


def partition(hashes: npt.NDArray[np.uint64], partitions: int) -> npt.NDArray[np.int64]:
    """Returns the partition of each uniform 64-bit hash, by its upper half."""
    return (((hashes >> np.uint64(32)) * np.uint64(partitions)) >> np.uint64(32)).astype(np.int64)


def partition_of_pointers(values: npt.NDArray[np.uint64], partitions: int) -> npt.NDArray[np.int64]:
    """Returns the partition of each pointer. Pointers are not uniform, so they are mixed first (Fibonacci hashing)."""
    return partition((values ^ (values >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15), partitions)


def partition_of_parts(pointers: npt.NDArray[np.uint64], partitions: int) -> npt.NDArray[np.int64]:
    """Returns one partition for all documents of a part. There may be more parts than files that a worker can open."""
    return partition_of_pointers(pointers >> np.uint64(32), partitions)


def by_part(rows: Array, pointers: npt.NDArray[np.uint64]) -> Iterator[tuple[int, Array]]:
    """Yields the rows of each part, in their order."""
    yield from _by_key(rows, part_of(pointers))


def scatter(rows: Array, keys: npt.NDArray[np.int64]) -> Iterator[Block]:
    """Yields rows as one block for each key. Counts their bytes, since they will be grouped."""
    from massivetext.pipeline.runtime.counters import GROUPED  # imports Beam

    GROUPED.inc(rows.nbytes)
    for key, block in _by_key(rows, keys):
        yield key, block.tobytes()


def _by_key(rows: Array, keys: npt.NDArray[np.int64]) -> Iterator[tuple[int, Array]]:
    if len(rows) == 0:
        return
    if keys.max() < 1 << 16:  # numpy sorts 16 bits in two passes
        keys = keys.astype(np.uint16)
    order = np.argsort(keys, kind="stable")
    rows, keys = rows[order], keys[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    for start, end in zip(starts, [*starts[1:], len(keys)], strict=True):
        yield int(keys[start]), rows[start:end]


def gather(blocks: Iterable[bytes], dtype: np.dtype[Any]) -> Array:
    """Returns the rows of some blocks. Their order is arbitrary, so the caller must sort them by their values."""
    return np.frombuffer(b"".join(blocks), dtype)
