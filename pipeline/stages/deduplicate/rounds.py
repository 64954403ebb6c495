"""Rounds: who stays, and whom each of those that stay removes.

Documents are taken in order; one is removed only if it is a verified duplicate of one that stays. That is the
greedy maximal independent set in a random order, which takes O(log n) rounds once the duplicates are known
(Fischer and Noever, 2018). They become known as buckets are led: in each round the first members of each are
verified against all that follow, and leave it. At first one leads, and in most buckets all others are removed
at once: a bucket of a million copies costs a million comparisons. Members that are no duplicates stay, as those of a
template do; so four times as many lead each round, and a bucket is done in the logarithm of its size.

A document that has led all its buckets, and waits for no duplicate before it, stays. One that is a duplicate of
a document that stays is removed. Documents that always stay come before all others and are compared to these alone.

Members stay in files, one for each partition of buckets, that every round writes anew. What is grouped is a row
for each document and partition, not for each of the document's buckets.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import PCollection

from massivetext.pipeline.runtime.blocks import Block
from massivetext.pipeline.runtime.shuffle import Shuffle
from massivetext.pipeline.stages.deduplicate.decide import Answer, Ask, Remove
from massivetext.pipeline.stages.deduplicate.rows import REMOVAL
from massivetext.pipeline.stages.deduplicate.verify_pairs import (
    Compared,
    Distinct,
    Lead,
    Verify,
    members_of,
    number_of,
)
from massivetext.pipeline.storage import arrays

ROUNDS = 4  # in one pipeline: where starting one is dear, most corpora need but two
MOST_ROUNDS = 64
LEADERS = 4  # so many times more lead a bucket in each round
MEMBERS = "members"  # of buckets, still to be compared after the pipeline's last round
WAITS = "waits"  # duplicates of documents that are undecided then
GONE = "gone"  # those removed in that round


def step(number: int) -> str:
    """The name of the pipeline with rounds number*ROUNDS and after."""
    return f"deduplicate/rounds-{number:02d}"


@dataclass(eq=False)
class Rounds:
    """Paths of saved arrays in; files out: found duplicates, and what is left for the next rounds (see `left`)."""

    out: str = field(repr=False)
    number: int
    partitions: int
    threshold: float

    def grouped(self, paths: PCollection[Any], shuffle: Shuffle) -> PCollection[Any]:
        compared: PCollection[Any] = paths | "Members" >> beam.FlatMap(_members_at)
        waits: PCollection[Any] = paths | "Waits" >> shuffle.work(_Saved(WAITS))
        gone: PCollection[Any] = paths | "Gone" >> shuffle.work(_Saved(GONE))
        for index in range(self.number * ROUNDS, (self.number + 1) * ROUNDS):
            compared, waits, gone = self._round(compared, waits, gone, index, shuffle)
        name = step(self.number)
        saved = (
            compared | "Save members" >> shuffle.work(_SaveMembers(self.out, name)),
            waits | "Save waits" >> shuffle.work(_Save(self.out, name, WAITS, REMOVAL)),
            gone | "Save gone" >> shuffle.work(_Save(self.out, name, GONE, np.dtype("u8"))),
        )
        done: PCollection[Any] = saved | "Saved" >> beam.Flatten()
        return done

    def _round(
        self,
        compared: PCollection[Any],
        waits: PCollection[Any],
        gone: PCollection[Any],
        index: int,
        shuffle: Shuffle,
    ) -> tuple[PCollection[Any], PCollection[Any], PCollection[Any]]:
        """Members to be compared, verified duplicates of undecided documents and who was removed last; the same
        a round later."""
        name = step(self.number)
        lead = Lead(self.out, name, index, self.partitions, LEADERS**index)
        led = compared | f"Lead {index}" >> shuffle.work(lead).with_outputs("pairs", main="held")
        found = (
            led.pairs
            | f"By leader {index}" >> beam.GroupByKey()
            | f"Distinct {index}" >> shuffle.work(Distinct(self.out, name, index))
            | f"Spread {index}" >> beam.Reshuffle()
            | f"Verify {index}" >> shuffle.work(Verify(self.out, self.threshold, self.partitions))
        )
        asked = (
            {"held": led.held, "found": found, "waits": waits}
            | f"By document {index}" >> beam.CoGroupByKey()
            | f"Ask {index}"
            >> shuffle.work(Ask(self.partitions)).with_outputs("undecided", "held", main="waits")
        )
        answered = (
            {"waits": asked.waits, "undecided": asked.undecided, "gone": gone}
            | f"By first {index}" >> beam.CoGroupByKey()
            | f"Answer {index}"
            >> shuffle.work(Answer(self.partitions)).with_outputs("removals", main="waits")
        )
        removed = (
            {"held": asked.held, "waits": answered.waits, "removals": answered.removals}
            | f"By removed {index}" >> beam.CoGroupByKey()
            | f"Remove {index}"
            >> shuffle.work(Remove(self.out, name, index)).with_outputs("waits", "gone", main="still")
        )
        still = removed.still | f"By file {index}" >> beam.GroupByKey()
        return still, removed.waits, removed.gone


def left(out: str, number: int) -> list[str]:
    """The paths that the next rounds start from, empty once every document is decided."""
    found = {name: [*arrays.saved(out, step(number), f"{name}-*")] for name in (MEMBERS, WAITS, GONE)}
    return [*found[MEMBERS], *found[WAITS], *found[GONE]] if found[MEMBERS] or found[WAITS] else []


def _kind(path: str) -> str:
    return path.rsplit("/", 1)[1].rsplit("-", 1)[0]


def _members_at(path: str) -> Iterator[Compared]:
    if _kind(path) == MEMBERS:
        yield path, None


@dataclass(eq=False)
class _Saved(beam.DoFn):
    kind: str

    def process(self, path: str) -> Iterator[Block]:
        if _kind(path) == self.kind:
            yield number_of(path), arrays.load(path).tobytes()


@dataclass(eq=False)
class _Save(beam.DoFn):
    out: str
    step: str
    name: str
    dtype: np.dtype[Any]

    def process(self, block: Block) -> Iterator[int]:
        number, rows = block
        arrays.save(self.out, self.step, f"{self.name}-{number:05d}", np.frombuffer(rows, self.dtype))
        yield number


@dataclass(eq=False)
class _SaveMembers(beam.DoFn):
    out: str
    step: str

    def process(self, compared: Compared) -> Iterator[int]:
        number, rows = members_of(compared)
        arrays.save(self.out, self.step, f"{MEMBERS}-{number:05d}", rows)
        yield number
