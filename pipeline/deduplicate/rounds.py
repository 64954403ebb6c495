"""Rounds: who stays, and whom each of those that stay removes.

Documents are taken in order; one is removed only if it is a verified duplicate of one that stays. That is the
greedy maximal independent set in a random order, which takes O(log n) rounds (Fischer and Noever, 2018): in
each, a document that comes first in all its buckets stays, is verified against the other members, and leaves
with those it removed. Only pairs with one that stays are ever verified, so a bucket of a million
copies costs a million comparisons.

Documents that always stay come before all others and are compared to these alone. Were they to lead their
bucket one a round, there would be as many rounds as there are of them; all at once, as many pairs as they have
others: so each round more of them lead, and most others are gone when they do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import apache_beam as beam
import numpy as np
import numpy.typing as npt
from apache_beam.pvalue import PCollection, TaggedOutput

from filters.jaccard import jaccard
from pipeline.deduplicate.buckets import first_rows, shared
from pipeline.deduplicate.rows import FOUND, LED, MEMBER, PAIR, REMOVAL, always_stays
from pipeline.deduplicate.shingle_store import ShingleStore
from pipeline.grouping import arrays
from pipeline.grouping.blocks import Array, gather, partition, partition_of_pointers, scatter

ROUNDS = 4  # in one pipeline: where starting one is dear, most corpora need but two
MOST_ROUNDS = 64
LEADERS = 8  # so many times more that always stay lead a bucket in each round
FOUND_NAME = "found"
MEMBERS = "members"  # still undecided after the pipeline's last round
PAIRS = "pairs"
_PAIRS_AT_ONCE = 4096

Block = tuple[int, bytes]
Blocks = tuple[int, Iterable[bytes]]


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
        undecided = paths | "Read" >> beam.FlatMap(_read) | "By bucket" >> beam.GroupByKey()
        for index in range(self.number * ROUNDS, (self.number + 1) * ROUNDS):
            undecided = self._round(undecided, index)
        saved: PCollection[Any] = undecided | "Save" >> beam.ParDo(_Save(self.out, step(self.number)))
        return saved

    def _round(self, members: PCollection[Any], index: int) -> PCollection[Any]:
        """Members by bucket in, those still undecided by bucket out."""
        lead = _Lead(self.partitions, LEADERS**index)
        led = members | f"Lead {index}" >> beam.ParDo(lead).with_outputs("led", main="own")
        settled = (
            {"own": led.own, "led": led.led}
            | f"By document {index}" >> beam.CoGroupByKey()
            | f"Settle {index}"
            >> beam.ParDo(_Settle(self.out, step(self.number), index)).with_outputs("pairs", main="open")
        )
        removals = (
            settled.pairs
            | f"Spread {index}" >> beam.Reshuffle()
            | f"Verify {index}" >> beam.ParDo(_Verify(self.out, self.threshold, self.partitions))
        )
        undecided: PCollection[Any] = (
            {"open": settled.open, "removals": removals}
            | f"By undecided {index}" >> beam.CoGroupByKey()
            | f"Remove {index}" >> beam.ParDo(_Remove(self.out, step(self.number), index, self.partitions))
            | f"By bucket {index}" >> beam.GroupByKey()
        )
        return undecided


def _read(path: str) -> Iterator[Block]:
    number = int(path.rsplit("-", 1)[1].removesuffix(".npy"))
    yield number, arrays.load(path).tobytes()


@dataclass(eq=False)
class _Lead(beam.DoFn):
    """Each member with its bucket's first, sent to where the member is settled, and with each that leads the
    bucket, sent to where that one is. Those that always stay leave a bucket once they have led it."""

    partitions: int
    most: int  # of those that always stay, how many lead a bucket at once

    def process(self, group: Blocks) -> Iterator[Block | TaggedOutput[Literal["led"], Block]]:
        rows = shared(gather(group[1], MEMBER))
        if len(rows) == 0:
            return
        starts = first_rows(rows["bucket"])
        sizes = np.diff(starts, append=len(rows))
        first, at = np.repeat(starts, sizes), np.arange(len(rows))
        stays = always_stays(rows["order"])
        has_led = stays & (at - first < self.most)
        own = _led(rows, at[~has_led], first[~has_led])
        yield from scatter(own, partition_of_pointers(own["pointer"], self.partitions))
        leaders = np.repeat(np.maximum(np.add.reduceat(has_led, starts, dtype=np.int64), 1), sizes)
        others = at[~stays]
        for number in range(int(leaders.max())):
            others = others[leaders[others] > number]
            by = first[others] + number
            led = _led(rows, others[by < others], by[by < others])
            for block in scatter(led, partition_of_pointers(led["leader"], self.partitions)):
                yield TaggedOutput("led", block)


def _led(rows: Array, at: npt.NDArray[np.int64], by: npt.NDArray[np.int64]) -> Array:
    """Some members of buckets, each led by another one."""
    led = np.empty(len(at), LED)
    for name in MEMBER.names or ():
        led[name] = rows[name][at]
    led["leader"], led["leader_order"] = rows["pointer"][by], rows["order"][by]
    return led


@dataclass(eq=False)
class _Settle(beam.DoFn):
    """A document that leads all its buckets stays; the pairs with it are to be verified, the rest is open."""

    out: str
    step: str
    index: int

    def process(
        self, group: tuple[int, dict[str, Iterable[bytes]]]
    ) -> Iterator[Block | TaggedOutput[Literal["pairs"], bytes]]:
        number, blocks = group
        own, led = gather(blocks["own"], LED), gather(blocks["led"], LED)
        undecided = np.unique(own["pointer"][own["pointer"] != own["leader"]])
        is_open = np.isin(own["pointer"], undecided)
        open_rows = np.empty(int(is_open.sum()), MEMBER)
        for name in MEMBER.names or ():
            open_rows[name] = own[name][is_open]
        if len(open_rows):
            yield number, open_rows.tobytes()
        led = led[always_stays(led["leader_order"]) | ~np.isin(led["leader"], undecided)]
        pairs = np.empty(len(led), PAIR)
        for name in PAIR.names or ():
            pairs[name] = led[name]
        pairs = np.unique(pairs)  # sorted by leader, so that its set is read once
        arrays.save(self.out, self.step, f"{PAIRS}-{self.index}-{number:05d}", np.array([len(pairs)]))
        for start in range(0, len(pairs), _PAIRS_AT_ONCE):
            yield TaggedOutput("pairs", pairs[start : start + _PAIRS_AT_ONCE].tobytes())


@dataclass(eq=False)
class _Verify(beam.DoFn):
    """The exact Jaccard of each pair; those strictly above the threshold are duplicates."""

    out: str
    threshold: float
    partitions: int

    def process(self, block: bytes) -> Iterator[Block]:
        pairs = np.frombuffer(block, PAIR)
        store = ShingleStore(self.out)
        similarity = np.empty(len(pairs), np.float64)
        leader, leaders_set = -1, np.empty(0, np.uint64)
        for at, pair in enumerate(pairs):
            if int(pair["leader"]) != leader:
                leader = int(pair["leader"])
                leaders_set = store.get(leader)
            similarity[at] = jaccard(leaders_set, store.get(int(pair["pointer"])))
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
    partitions: int

    def process(self, group: tuple[int, dict[str, Iterable[bytes]]]) -> Iterator[Block]:
        number, blocks = group
        removals = gather(blocks["removals"], REMOVAL)
        first_by = (removals["leader"], removals["leader_order"], removals["pointer"])
        removals = removals[np.lexsort(first_by)]
        removed, at = np.unique(removals["pointer"], return_index=True)
        found = np.zeros(len(removed), FOUND)
        found["pointer"], found["survivor"] = removed, removals["leader"][at]
        found["jaccard"] = removals["jaccard"][at]
        arrays.save(self.out, self.step, f"{FOUND_NAME}-{self.index}-{number:05d}", found)
        still = gather(blocks["open"], MEMBER)
        still = still[~np.isin(still["pointer"], removed)]
        yield from scatter(still, partition(still["bucket"], self.partitions))


@dataclass(eq=False)
class _Save(beam.DoFn):
    out: str
    step: str

    def process(self, group: Blocks) -> Iterator[int]:
        number, blocks = group
        rows: Array = shared(gather(blocks, MEMBER))
        arrays.save(self.out, self.step, f"{MEMBERS}-{number:05d}", rows)
        yield number
