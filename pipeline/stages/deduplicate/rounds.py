"""Rounds: decide which documents stay, and which survivor removes each of the others.

Documents are taken in order, and a document is removed only if it is a verified duplicate of one that stays. The
documents that stay are the greedy maximal independent set in a random order, which takes O(log n) rounds once the
duplicates are known (Fischer and Noever, 2018).

Duplicates become known because the first members of each bucket lead it: a round verifies them against all members
that follow, and then they leave the bucket. In the first round one member leads each bucket. In most buckets it
removes all others at once, so a bucket of a million copies costs a million comparisons. But pages of one template
share a bucket without being duplicates, and all stay in it. So four times as many members lead in each round, and the
number of rounds grows with the logarithm of a bucket's size.

A document stays once it has led all its buckets and waits for no earlier duplicate. A document is removed if it is a
duplicate of one that stays. Documents that always stay come before all others, and are compared only with the others.

The members of buckets are in files, one for each partition, which every round writes again. A round groups one row
for each document and partition, not one for each of the document's buckets.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import PCollection

from massivetext.pipeline.runtime.blocks import Block
from massivetext.pipeline.runtime.shuffle import Shuffle
from massivetext.pipeline.stages.deduplicate import buckets
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

ROUNDS = 4  # in one batch: another one is another pipeline, which may be slow to start
MOST_ROUNDS = 64
LEADERS = 4  # each round, so many times more members lead a bucket
MEMBERS = "members"  # members of buckets that are still to be compared after the pipeline's last round
WAITS = "waits"  # duplicates of documents that are undecided after that round
GONE = "gone"  # documents that were removed in that round


def step(number: int) -> str:
    """Returns the name of the batch whose first round is number * ROUNDS."""
    return f"deduplicate/rounds-{number:02d}"


@dataclass(eq=False)
class Rounds:
    """Reads saved arrays, and writes the duplicates that were found and the rest for the next rounds (see `starts`)."""

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
        """Run one round. It takes and returns the members to compare, the verified duplicates of undecided documents,
        and the documents that the last round removed."""
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


def starts(out: str, number: int) -> list[str]:
    """Returns the paths from which a batch of rounds starts. The list is empty once every document is decided."""
    if number == 0:
        return [*arrays.saved(out, buckets.STEP, f"{buckets.MEMBERS}-*")]
    found = {name: [*arrays.saved(out, step(number - 1), f"{name}-*")] for name in (MEMBERS, WAITS, GONE)}
    return [*found[MEMBERS], *found[WAITS], *found[GONE]] if found[MEMBERS] or found[WAITS] else []


@dataclass(frozen=True)
class Decided:
    """Whether every document is decided after a batch of rounds."""

    out: str
    number: int

    def __call__(self) -> bool:
        return not starts(self.out, self.number + 1)


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
