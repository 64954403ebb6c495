"""The rows that deduplication groups, as packed arrays: Beam's cost per element is paid once a block.

A pointer is where a document stands: part << 32 | row of the part's file in documents/. Order is its rank,
then the seeded hash of its id: of two duplicates, the one that comes first stays. Pointers break ties of order.
"""

import enum
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]  # structured: the dtypes below


class Rank(enum.IntEnum):
    """Who comes first, whatever the hash; all but the last always stay, and are not compared to each other."""

    EARLIER = 0  # documents of an earlier run
    EXEMPT = 1  # of sources that lose none
    OWN = 2


_RANK_SHIFT = np.uint64(62)


def ranked(hashes: npt.NDArray[np.uint64], rank: Rank) -> npt.NDArray[np.uint64]:
    """The order of documents of one rank."""
    return hashes >> np.uint64(2) | np.uint64(rank) << _RANK_SHIFT


def always_stays(order: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    return order < np.uint64(Rank.OWN) << _RANK_SHIFT


MEMBER = np.dtype([("bucket", "u8"), ("order", "u8"), ("pointer", "u8")])
"""A document in a bucket: those that share the hash of a band."""

LED = np.dtype([*MEMBER.descr, ("leader", "u8"), ("leader_order", "u8")])
"""A member, and the first undecided document of its bucket."""

PAIR = np.dtype([("leader", "u8"), ("leader_order", "u8"), ("pointer", "u8")])
"""A candidate pair to verify: one that stays, and one that is undecided."""

REMOVAL = np.dtype([*PAIR.descr, ("jaccard", "f8")])
"""A pair that was verified as duplicates."""

FOUND = np.dtype([("pointer", "u8"), ("survivor", "u8"), ("is_exact", "u1"), ("jaccard", "f8")])
"""A removed document and its survivor."""

NAMED = np.dtype([*FOUND.descr, ("survivor_id", "S32"), ("output", "i4")])
"""With the survivor's id, and which earlier output it is in: -1 in none."""


def signed(band_count: int) -> np.dtype[np.void]:
    """A document's fingerprint and band hashes; one without words has no bands: its `is_signed` is 0."""
    return np.dtype(
        [
            ("fingerprint", "u8", (2,)),
            ("order", "u8"),
            ("pointer", "u8"),
            ("is_signed", "u1"),
            ("bands", "u8", (band_count,)),
        ]
    )


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


def scatter(rows: Array, keys: npt.NDArray[np.int64]) -> Iterator[tuple[int, bytes]]:
    """Rows as one block for each key."""
    if len(rows) == 0:
        return
    order = np.argsort(keys, kind="stable")
    rows, keys = rows[order], keys[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    for start, end in zip(starts, [*starts[1:], len(keys)], strict=True):
        yield int(keys[start]), rows[start:end].tobytes()


def gather(blocks: Iterable[bytes], dtype: np.dtype[np.void]) -> Array:
    """The rows of some blocks, in any order: sort them by their values."""
    return np.frombuffer(b"".join(blocks), dtype)
