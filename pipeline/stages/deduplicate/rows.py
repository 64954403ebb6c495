"""The rows that deduplication groups. They travel in blocks of packed arrays, since Beam has a cost per element.

A pointer is the place of a document: part << 32 | row of the part's file in documents/. The order of a document is
its rank, then the seeded hash of its id. Of two duplicates, the one that comes first in this order stays. Pointers
break ties.
"""

import enum

import numpy as np
import numpy.typing as npt

from massivetext.pipeline.storage.arrays import Array
from massivetext.schemas.duplicate import DuplicateKind


class Rank(enum.IntEnum):
    """Puts some documents before others, whatever their hash. Documents of all ranks but the last always stay, and are
    not compared with each other."""

    EARLIER = 0  # documents of an earlier run
    EXEMPT = 1  # documents of sources that lose none
    OWN = 2


_RANK_SHIFT = np.uint64(62)


def ranked(hashes: npt.NDArray[np.uint64], rank: Rank) -> npt.NDArray[np.uint64]:
    """Returns the order of documents of one rank."""
    return hashes >> np.uint64(2) | np.uint64(rank) << _RANK_SHIFT


def always_stays(order: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    return order < np.uint64(Rank.OWN) << _RANK_SHIFT


MEMBER = np.dtype([("bucket", "u8"), ("order", "u8"), ("pointer", "u8")])
"""A document in a bucket. A bucket holds the documents that have the same hash in a band."""

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
"""A removed document and its survivor. The Jaccard of captures of one URL is NaN, since none was computed."""

NAMED = np.dtype([*FOUND.descr, ("survivor_id", "S32"), ("output", "i4")])
"""FOUND with the survivor's id, and the number of the earlier output that holds the survivor: -1 for none."""


def is_first(keys: Array) -> npt.NDArray[np.bool_]:
    """Whether each of the sorted keys (uint64[n, 2]) is the first of equal ones."""
    return np.concatenate([np.ones(min(1, len(keys)), np.bool_), (keys[1:] != keys[:-1]).any(axis=1)])


def removed_by_first(rows: Array, first: npt.NDArray[np.bool_], kind: DuplicateKind, jaccard: float) -> Array:
    """Returns FOUND for each of the sorted rows that is not the first of its key, except documents that always stay."""
    survivor = rows["pointer"][np.maximum.accumulate(np.where(first, np.arange(len(rows)), 0))]
    goes = ~first & ~always_stays(rows["order"])
    found = np.zeros(int(goes.sum()), FOUND)
    found["pointer"], found["survivor"] = rows["pointer"][goes], survivor[goes]
    found["kind"], found["jaccard"] = kind, jaccard
    return found
