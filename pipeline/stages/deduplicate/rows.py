"""The rows that deduplication groups, as packed arrays: Beam's cost per element is paid once a block.

A pointer is where a document stands: part << 32 | row of the part's file in documents/. Order is its rank,
then the seeded hash of its id: of two duplicates, the one that comes first stays. Pointers break ties of order.
"""

import enum

import numpy as np
import numpy.typing as npt

from massivetext.pipeline.storage.arrays import Array
from massivetext.schemas.duplicate import DuplicateKind


class Rank(enum.IntEnum):
    """Which documents come first, whatever their hash. Documents of all ranks but the last always stay, and are not
    compared with each other."""

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

PRINT = np.dtype([("fingerprint", "u8", (2,)), ("order", "u8"), ("pointer", "u8")])
"""A document, and the fingerprint of its text."""

HELD = np.dtype([("pointer", "u8"), ("partition", "u4")])
"""A document, and a partition with buckets that hold it."""

PAIR = np.dtype([("leader", "u8"), ("leader_order", "u8"), ("pointer", "u8")])
"""A candidate pair to verify: the one that comes first, and the other."""

REMOVAL = np.dtype([*PAIR.descr, ("jaccard", "f8")])
"""A pair that was verified as duplicates."""

CAPTURE = np.dtype([("url", "u8", (2,)), ("captured", "i8"), ("order", "u8"), ("pointer", "u8")])
"""A document, the fingerprint of its source and canonical URL, and when it was captured."""


FOUND = np.dtype([("pointer", "u8"), ("survivor", "u8"), ("kind", "u1"), ("jaccard", "f8")])
"""A removed document and its survivor. The Jaccard of captures of one URL is not a number: none was looked for."""

NAMED = np.dtype([*FOUND.descr, ("survivor_id", "S32"), ("output", "i4")])
"""With the survivor's id, and which earlier output it is in: -1 in none."""


def is_first(keys: Array) -> npt.NDArray[np.bool_]:
    """Which of sorted rows is the first of its key; keys: uint64[n, 2]."""
    return np.concatenate([np.ones(min(1, len(keys)), np.bool_), (keys[1:] != keys[:-1]).any(axis=1)])


def removed_by_first(rows: Array, first: npt.NDArray[np.bool_], kind: DuplicateKind, jaccard: float) -> Array:
    """Of sorted rows, all but the first of each key, unless they stay always: FOUND."""
    survivor = rows["pointer"][np.maximum.accumulate(np.where(first, np.arange(len(rows)), 0))]
    goes = ~first & ~always_stays(rows["order"])
    found = np.zeros(int(goes.sum()), FOUND)
    found["pointer"], found["survivor"] = rows["pointer"][goes], survivor[goes]
    found["kind"], found["jaccard"] = kind, jaccard
    return found
