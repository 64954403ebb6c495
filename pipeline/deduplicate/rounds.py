"""Rounds: who stays, and whom each of those that stay removes.

Documents are taken in order; one is removed only if it is a verified duplicate of one that stays. That is the
greedy maximal independent set in a random order, which takes O(log n) rounds (Fischer and Noever, 2018): in
each, a document that comes first in all its buckets stays, is verified against the other members, and leaves
with those it removed. Only pairs with one that stays are ever verified, so a bucket of a million
copies costs a million comparisons.

Documents that always stay come before all others and are compared to these alone. Were they to lead their
bucket one a round, there would be as many rounds as there are of them; all at once, as many pairs as they have
others: so each round more of them lead, and most others are gone when they do.

Members stay in files, one for each partition of buckets, that every round writes anew. What is grouped is a row
for each document and partition, not for each of the document's buckets.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import apache_beam as beam
import numpy as np
import numpy.typing as npt
from apache_beam.pvalue import PCollection, TaggedOutput

from pipeline.deduplicate.buckets import first_rows, shared
from pipeline.deduplicate.rows import FOUND, HELD, PAIR, REMOVAL, always_stays
from pipeline.deduplicate.shingle_store import ShingleStore
from pipeline.grouping import arrays
from pipeline.grouping.blocks import GROUPED, Array, Block, Pointers, gather, partition_of_pointers, scatter

ROUNDS = 4  # in one pipeline: where starting one is dear, most corpora need but two
MOST_ROUNDS = 64
LEADERS = 8  # so many times more that always stay lead a bucket in each round
FOUND_NAME = "found"
MEMBERS = "members"  # still undecided after the pipeline's last round
PAIRS = "pairs"
_PAIRS_AT_ONCE = 4096

Undecided = tuple[str, Iterable[bytes] | None]
"""A file of members, and the pointers of those that are still undecided; None: all of them are."""


def step(number: int) -> str:
    """The name of the pipeline with rounds number*ROUNDS and after."""
    return f"deduplicate/rounds-{number:02d}"


@dataclass(eq=False)
class Rounds(beam.PTransform[Any, Any]):
    """Paths of saved members in; files out: found duplicates, and members that are still undecided."""

    out: str
    number: int
    partitions: int
    threshold: float

    def expand(self, paths: PCollection[Any]) -> PCollection[Any]:
        undecided = paths | "All" >> beam.Map(_all)
        for index in range(self.number * ROUNDS, (self.number + 1) * ROUNDS):
            undecided = self._round(undecided, index)
        saved: PCollection[Any] = undecided | "Save" >> beam.ParDo(_Save(self.out, step(self.number)))
        return saved

    def _round(self, undecided: PCollection[Any], index: int) -> PCollection[Any]:
        """Undecided in, still undecided out."""
        name = step(self.number)
        lead = _Lead(self.out, name, index, self.partitions, LEADERS**index)
        led = undecided | f"Lead {index}" >> beam.ParDo(lead).with_outputs("led", main="held")
        settled = (
            {"held": led.held, "led": led.led}
            | f"By document {index}" >> beam.CoGroupByKey()
            | f"Settle {index}"
            >> beam.ParDo(_Settle(self.out, name, index)).with_outputs("pairs", main="open")
        )
        removals = (
            settled.pairs
            | f"Spread {index}" >> beam.Reshuffle()
            | f"Verify {index}" >> beam.ParDo(_Verify(self.out, self.threshold, self.partitions))
        )
        still: PCollection[Any] = (
            {"open": settled.open, "removals": removals}
            | f"By undecided {index}" >> beam.CoGroupByKey()
            | f"Remove {index}" >> beam.ParDo(_Remove(self.out, name, index))
            | f"By file {index}" >> beam.GroupByKey()
        )
        return still


def _all(path: str) -> Undecided:
    return path, None


def _members(undecided: Undecided) -> tuple[int, Array]:
    """The number of a partition of buckets, and those of its members that are undecided."""
    path, blocks = undecided
    rows = arrays.load(path)
    if blocks is not None:
        rows = rows[np.isin(rows["pointer"], gather(blocks, np.dtype("u8")))]
    return int(path.rsplit("-", 1)[1].removesuffix(".npy")), shared(rows)


def _file(index: int, number: int) -> str:
    """The name of a partition's members after they were led in a round."""
    return f"led-{index}-{number:05d}"


@dataclass(eq=False)
class _Lead(beam.DoFn):
    """Each member, sent to where it is settled, and each member with each document that leads it, sent to where
    that one is settled. Those that always stay leave a bucket once they have led it."""

    out: str
    step: str
    index: int
    partitions: int
    most: int  # of those that always stay, how many lead a bucket at once

    def process(self, undecided: Undecided) -> Iterator[Block | TaggedOutput[Literal["led"], Block]]:
        number, rows = _members(undecided)
        if len(rows) == 0:
            return
        starts = first_rows(rows["bucket"])
        sizes = np.diff(starts, append=len(rows))
        first, at = np.repeat(starts, sizes), np.arange(len(rows))
        stays = always_stays(rows["order"])
        has_led = stays & (at - first < self.most)
        arrays.save(self.out, self.step, _file(self.index, number), rows[~has_led])
        held = _held(rows["pointer"][~has_led], rows["pointer"][~has_led & (at > first)], number)
        yield from scatter(held, partition_of_pointers(held["pointer"], self.partitions))
        leaders = np.repeat(np.maximum(np.add.reduceat(has_led, starts, dtype=np.int64), 1), sizes)
        others = at[~stays]
        for turn in range(int(leaders.max())):
            others = others[leaders[others] > turn]
            by = first[others] + turn
            led = _led(rows, others[by < others], by[by < others])
            for block in scatter(led, partition_of_pointers(led["leader"], self.partitions)):
                yield TaggedOutput("led", block)


def _held(pointers: Pointers, following: Pointers, number: int) -> Array:
    """The members that a partition holds, each once."""
    members = np.unique(pointers)
    held = np.empty(len(members), HELD)
    held["pointer"], held["partition"] = members, number
    held["follows"] = np.isin(members, following)
    return held


def _led(rows: Array, at: npt.NDArray[np.int64], by: npt.NDArray[np.int64]) -> Array:
    """Some members of buckets, each with the one that leads it."""
    led = np.empty(len(at), PAIR)
    led["pointer"], led["leader"], led["leader_order"] = (
        rows["pointer"][at],
        rows["pointer"][by],
        rows["order"][by],
    )
    return _distinct(led)


def _distinct(pairs: Array) -> Array:
    """Each pair once, sorted by leader, so that its set is read once."""
    pairs = pairs[np.lexsort((pairs["pointer"], pairs["leader"]))]
    differs = (pairs["leader"][1:] != pairs["leader"][:-1]) | (pairs["pointer"][1:] != pairs["pointer"][:-1])
    found: Array = pairs[np.concatenate([[True], differs])[: len(pairs)]]
    return found


@dataclass(eq=False)
class _Settle(beam.DoFn):
    """A document that leads all its buckets stays; the pairs with it are to be verified, the rest is open."""

    out: str
    step: str
    index: int

    def process(
        self, group: tuple[int, dict[str, Iterable[bytes]]]
    ) -> Iterator[Block | TaggedOutput[Literal["pairs"], Any]]:
        # The pairs are bytes; but Beam forgets their type at the reshuffle, and Flink needs one coder on both sides.
        number, blocks = group
        held, led = gather(blocks["held"], HELD), gather(blocks["led"], PAIR)
        undecided = np.unique(held["pointer"][held["follows"] == 1])
        open_rows = held[np.isin(held["pointer"], undecided)]
        if len(open_rows):
            GROUPED.inc(open_rows.nbytes)
            yield number, open_rows.tobytes()
        pairs = _distinct(led[always_stays(led["leader_order"]) | ~np.isin(led["leader"], undecided)])
        arrays.save(self.out, self.step, f"{PAIRS}-{self.index}-{number:05d}", np.array([len(pairs)]))
        GROUPED.inc(pairs.nbytes)
        for start in range(0, len(pairs), _PAIRS_AT_ONCE):
            yield TaggedOutput("pairs", pairs[start : start + _PAIRS_AT_ONCE].tobytes())


@dataclass(eq=False)
class _Verify(beam.DoFn):
    """The exact Jaccard of each pair; those strictly above the threshold are duplicates."""

    out: str
    threshold: float
    partitions: int

    def setup(self) -> None:
        self._store = ShingleStore(self.out)

    def process(self, block: bytes) -> Iterator[Block]:
        pairs = np.frombuffer(block, PAIR)
        similarity = self._store.jaccards(pairs["leader"], pairs["pointer"])
        is_duplicate = similarity > self.threshold
        removals = np.empty(int(is_duplicate.sum()), REMOVAL)
        for name in PAIR.names or ():
            removals[name] = pairs[name][is_duplicate]
        removals["jaccard"] = similarity[is_duplicate]
        yield from scatter(removals, partition_of_pointers(removals["pointer"], self.partitions))


@dataclass(eq=False)
class _Remove(beam.DoFn):
    """A removed document names, of those that stay and removed it, the first; the others stay open."""

    out: str
    step: str
    index: int

    def process(self, group: tuple[int, dict[str, Iterable[bytes]]]) -> Iterator[tuple[str, bytes]]:
        number, blocks = group
        removals = gather(blocks["removals"], REMOVAL)
        first_by = (removals["leader"], removals["leader_order"], removals["pointer"])
        removals = removals[np.lexsort(first_by)]
        removed, at = np.unique(removals["pointer"], return_index=True)
        found = np.zeros(len(removed), FOUND)
        found["pointer"], found["survivor"] = removed, removals["leader"][at]
        found["jaccard"] = removals["jaccard"][at]
        arrays.save(self.out, self.step, f"{FOUND_NAME}-{self.index}-{number:05d}", found)
        still = gather(blocks["open"], HELD)
        still = still[~np.isin(still["pointer"], removed)]
        for of, pointers in scatter(still["pointer"], still["partition"].astype(np.int64)):
            yield arrays.path(self.out, self.step, _file(self.index, of)), pointers


@dataclass(eq=False)
class _Save(beam.DoFn):
    out: str
    step: str

    def process(self, undecided: Undecided) -> Iterator[int]:
        number, rows = _members(undecided)
        arrays.save(self.out, self.step, f"{MEMBERS}-{number:05d}", rows)
        yield number
