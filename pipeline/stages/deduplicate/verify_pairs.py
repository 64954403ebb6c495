"""Verifies pairs: compares the first members of each bucket with all members that follow."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import apache_beam as beam
import numpy as np
import numpy.typing as npt
from apache_beam.pvalue import TaggedOutput

from massivetext.pipeline.runtime.blocks import Block, gather, partition_of_pointers, scatter
from massivetext.pipeline.runtime.counters import GROUPED
from massivetext.pipeline.stages.deduplicate.buckets import first_rows, shared
from massivetext.pipeline.stages.deduplicate.rows import HELD, PAIR, REMOVAL, always_stays
from massivetext.pipeline.stages.deduplicate.shingle_store import ShingleStore
from massivetext.pipeline.storage import arrays
from massivetext.pipeline.storage.arrays import Array, Pointers

PAIRS = "pairs"
_PAIRS_AT_ONCE = 4096

Compared = tuple[str, Iterable[bytes] | None]
"""A file of members, and blocks of the pointers of those to compare; None: all of them."""


def number_of(path: str) -> int:
    """Returns the number of a partition from the path of one of its files."""
    return int(path.rsplit("-", 1)[1].removesuffix(".npy"))


def members_of(compared: Compared) -> tuple[int, Array]:
    """Returns the number of a partition of buckets, and its members to compare."""
    path, blocks = compared
    rows = arrays.load(path)
    if blocks is not None:
        rows = rows[np.isin(rows["pointer"], gather(blocks, np.dtype("u8")))]
    return number_of(path), shared(rows)


def led_file(index: int, number: int) -> str:
    """Returns the name of the file of a partition's members after a round."""
    return f"led-{index}-{number:05d}"


@dataclass(eq=False)
class Lead(beam.DoFn):
    """Pairs the first members of each bucket with all members that follow. The first members then leave the bucket, and
    the others stay undecided in it."""

    out: str
    step: str
    index: int
    partitions: int
    most: int  # the most members that lead a bucket

    def process(self, compared: Compared) -> Iterator[Block | TaggedOutput[Literal["pairs"], Block]]:
        number, rows = members_of(compared)
        if len(rows) == 0:
            return
        starts = first_rows(rows["bucket"])
        sizes = np.diff(starts, append=len(rows))
        first, at = np.repeat(starts, sizes), np.arange(len(rows))
        rest = shared(rows[at - first >= self.most])
        arrays.save(self.out, self.step, led_file(self.index, number), rest)
        held = _held(rest["pointer"], number)
        yield from scatter(held, partition_of_pointers(held["pointer"], self.partitions))
        others = at[~always_stays(rows["order"])]
        for turn in range(min(self.most, int(sizes.max()))):
            others = others[others - first[others] > turn]
            pairs = _pairs(rows, others, first[others] + turn)
            for block in scatter(pairs, partition_of_pointers(pairs["leader"], self.partitions)):
                yield TaggedOutput("pairs", block)


def _held(pointers: Pointers, number: int) -> Array:
    """Returns the members that a partition holds, each once: HELD."""
    members = np.unique(pointers)
    held = np.empty(len(members), HELD)
    held["pointer"], held["partition"] = members, number
    return held


def _pairs(rows: Array, at: npt.NDArray[np.int64], by: npt.NDArray[np.int64]) -> Array:
    """Returns the members at some rows, each with the member that leads it: PAIR."""
    pairs = np.empty(len(at), PAIR)
    pairs["pointer"], pairs["leader"], pairs["leader_order"] = (
        rows["pointer"][at],
        rows["pointer"][by],
        rows["order"][by],
    )
    return distinct(pairs)


def distinct(pairs: Array) -> Array:
    """Returns each pair once, sorted by leader, so that the set of a leader is read once."""
    pairs = pairs[np.lexsort((pairs["pointer"], pairs["leader"]))]
    differs = (pairs["leader"][1:] != pairs["leader"][:-1]) | (pairs["pointer"][1:] != pairs["pointer"][:-1])
    found: Array = pairs[np.concatenate([[True], differs])[: len(pairs)]]
    return found


@dataclass(eq=False)
class Distinct(beam.DoFn):
    """Makes each pair of a partition distinct, so that pairs that share several buckets are verified once."""

    out: str
    step: str
    index: int

    # A block has a number of its own, so that each of them goes to any worker. Beam forgets the types at the reshuffle,
    # and Flink needs one coder on both sides.
    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Any]:
        number, blocks = group
        pairs = distinct(gather(blocks, PAIR))
        arrays.save(self.out, self.step, f"{PAIRS}-{self.index}-{number:05d}", np.array([len(pairs)]))
        GROUPED.inc(pairs.nbytes)
        for start in range(0, len(pairs), _PAIRS_AT_ONCE):
            yield number << 32 | start, pairs[start : start + _PAIRS_AT_ONCE].tobytes()


@dataclass(eq=False)
class Verify(beam.DoFn):
    """Computes the exact Jaccard of each pair. Yields pairs strictly above the threshold, which are duplicates."""

    out: str
    threshold: float
    partitions: int

    def setup(self) -> None:
        self._store = ShingleStore(self.out)

    def process(self, block: Any) -> Iterator[Block]:
        _, rows = block
        pairs = np.frombuffer(rows, PAIR)
        similarity = self._store.jaccards(pairs["leader"], pairs["pointer"])
        is_duplicate = similarity > self.threshold
        removals = np.empty(int(is_duplicate.sum()), REMOVAL)
        for name in PAIR.names or ():
            removals[name] = pairs[name][is_duplicate]
        removals["jaccard"] = similarity[is_duplicate]
        yield from scatter(removals, partition_of_pointers(removals["pointer"], self.partitions))
