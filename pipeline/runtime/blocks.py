"""Blocks: many rows as one packed array, so that Beam's cost per element is paid once a block.

A pointer is where a document stands: part << 32 | row among the part's documents that the rules keep.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import numpy as np
import numpy.typing as npt
from apache_beam.metrics.metric import Metrics, MetricsFilter

from massivetext.pipeline.storage.arrays import Array

Block = tuple[int, bytes]  # rows, and the key they are grouped by

_COUNTER = "grouped_bytes"
GROUPED = Metrics.counter("massivetext", _COUNTER)
"""What a pipeline groups, which is what it costs a runner's shuffle."""


def grouped_bytes(pipeline: beam.Pipeline) -> int:
    """What a finished pipeline grouped."""
    found = pipeline.result.metrics().query(MetricsFilter().with_name(_COUNTER))
    return sum(counter.result for counter in found["counters"])


def part_of(pointers: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    return (pointers >> np.uint64(32)).astype(np.int64)


def row_of(pointers: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    return (pointers & np.uint64(0xFFFFFFFF)).astype(np.int64)


def pointers(part: int, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    return np.uint64(part << 32) | rows.astype(np.uint64)


def partition(hashes: npt.NDArray[np.uint64], partitions: int) -> npt.NDArray[np.int64]:
    """The partition of each uniform 64-bit hash: by its upper half."""
    return (((hashes >> np.uint64(32)) * np.uint64(partitions)) >> np.uint64(32)).astype(np.int64)


def partition_of_pointers(values: npt.NDArray[np.uint64], partitions: int) -> npt.NDArray[np.int64]:
    """The partition of each pointer, which is not uniform: mixed first (Fibonacci hashing)."""
    return partition((values ^ (values >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15), partitions)


def scatter(rows: Array, keys: npt.NDArray[np.int64]) -> Iterator[Block]:
    """Rows as one block for each key."""
    if len(rows) == 0:
        return
    GROUPED.inc(rows.nbytes)
    order = np.argsort(keys, kind="stable")
    rows, keys = rows[order], keys[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    for start, end in zip(starts, [*starts[1:], len(keys)], strict=True):
        yield int(keys[start]), rows[start:end].tobytes()


def gather(blocks: Iterable[bytes], dtype: np.dtype[Any]) -> Array:
    """The rows of some blocks, in any order: sort them by their values."""
    return np.frombuffer(b"".join(blocks), dtype)
