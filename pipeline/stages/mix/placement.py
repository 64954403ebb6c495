"""Placement: pack documents into sequences, and give each sequence its place among all shards."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
import numpy as np
import numpy.typing as npt
from apache_beam.pvalue import PCollection

from massivetext.filters.seeded import derive
from massivetext.filters.tokens import pack
from massivetext.pipeline.runtime.blocks import by_part, gather, partition, partition_of_parts, scatter
from massivetext.pipeline.runtime.shuffle import Shuffle
from massivetext.pipeline.stages.mix import lengths
from massivetext.pipeline.stages.mix.lengths import Batch, TokensPart
from massivetext.pipeline.stages.mix.rows import COPY, RUN
from massivetext.pipeline.stages.mix.target import Target, chosen, once, skipped
from massivetext.pipeline.storage import arrays
from massivetext.pipeline.storage.arrays import Array

STEP = "mix/placement"
RUNS = "runs"


@dataclass(eq=False)
class Place:
    """Parts of tokens/ in; files out: for each part, the runs of its documents and where they go.

    Documents held out for validation are groups and shards of their own, numbered after those of training.
    """

    out: str = field(repr=False)
    seed: int
    targets: tuple[Target, ...]
    groups: int  # of each source: documents are packed with others of their group
    shards: tuple[int, ...]  # of training, by phase
    validation_shards: int
    sequence_length: int
    packing: str
    partitions: int = field(repr=False)  # that parts are spread over; the result does not depend on it

    def grouped(self, batches: PCollection[Any], shuffle: Shuffle) -> PCollection[Any]:
        done: PCollection[Any] = (
            batches
            | "Choose" >> shuffle.work(_Choose(self.out, self.seed, self.targets, self.groups))
            | "By group" >> beam.GroupByKey()
            | "Pack" >> shuffle.work(_Pack(self))
            | "By part" >> beam.GroupByKey()
            | "Save" >> shuffle.work(_Save(self.out))
        )
        return done


@dataclass(eq=False)
class _Choose(beam.DoFn):
    out: str
    seed: int
    targets: tuple[Target, ...]
    groups: int

    def process(self, batch: Batch) -> Iterator[tuple[int, bytes]]:
        for item in batch.items:
            yield from self._copies(item)

    def _copies(self, item: TokensPart) -> Iterator[tuple[int, bytes]]:
        own = [number for number, target in enumerate(self.targets) if target.source == item.source]
        for number in own:
            target = self.targets[number]
            copies = chosen(target, item.part, lengths.lengths(self.out, item.part, target.stratum))
            copy = derive(copies["copy"].astype(np.uint64), self.seed, "copy")
            copies["order"] = derive(copies["order"] ^ copy, self.seed, "group")
            yield from scatter(copies, number * self.groups + partition(copies["order"], self.groups))
        held_out = once(item.part, lengths.held_out(self.out, item.part))
        held_out["order"] = derive(held_out["order"], self.seed, "group")
        number = own[0] + len(self.targets)
        yield from scatter(held_out, number * self.groups + partition(held_out["order"], self.groups))


@dataclass(eq=False)
class _Pack(beam.DoFn):
    place: Place

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[tuple[int, bytes]]:
        number, blocks = group
        place = self.place
        copies = np.sort(gather(blocks, COPY), order=("order", "pointer"))
        tokens = copies["tokens"].astype(np.int64)
        if place.packing == "best_fit":
            packed = pack.best_fit(tokens, copies["order"].copy(), place.sequence_length)
        else:
            packed = pack.concatenate(tokens, place.sequence_length)
        runs = np.empty(len(packed.document), RUN)
        is_validation, target = divmod(number // place.groups, len(place.targets))
        sources = list(dict.fromkeys(one.source for one in place.targets))
        source = sources.index(place.targets[target].source)
        runs["source"], runs["group"], runs["sequence"] = source, number, packed.sequence
        runs["key"] = _keys(number, packed.sequence, place.seed)
        if is_validation:
            runs["shard"] = sum(place.shards) + partition(runs["key"], place.validation_shards)
            starts = packed.start
        else:
            phase = place.targets[target].phase
            runs["shard"] = sum(place.shards[:phase]) + partition(runs["key"], place.shards[phase])
            starts = packed.start + skipped(place.targets[target], copies)[packed.document]
        runs["offset"], runs["start"], runs["tokens"] = packed.offset, starts, packed.length
        for name in ("pointer", "copy"):
            runs[name] = copies[name][packed.document]
        yield from scatter(runs, partition_of_parts(runs["pointer"], place.partitions))


def _keys(group: int, sequence: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.uint64]:
    return derive(np.uint64(group << 32) | sequence.astype(np.uint64), seed, "sequence")


@dataclass(eq=False)
class _Save(beam.DoFn):
    out: str

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[int]:
        rows: Array = gather(group[1], RUN)
        for part, runs in by_part(rows, rows["pointer"]):
            by = ("start", "copy", "pointer")
            arrays.save(self.out, STEP, f"{RUNS}-{part:05d}", runs[np.lexsort([runs[name] for name in by])])
            yield part
