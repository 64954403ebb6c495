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
from massivetext.pipeline.stages.mix import lengths, together
from massivetext.pipeline.stages.mix.lengths import Batch, TokensPart
from massivetext.pipeline.stages.mix.rows import COPY, RUN
from massivetext.pipeline.stages.mix.target import Target, chosen, once, skipped
from massivetext.pipeline.storage import arrays
from massivetext.pipeline.storage.arrays import Array

STEP = "mix/placement"
RUNS = "runs"


@dataclass(eq=False)
class Place:
    """Reads parts of tokens/, and writes for each part a file with the runs of its documents and their places.

    Documents that are held out for validation have their own groups and shards, numbered after those of training.
    """

    out: str = field(repr=False)
    seed: int
    targets: tuple[Target, ...]
    groups: int  # groups of each source; documents are packed with others of their group
    shards: tuple[int, ...]  # training shards, by phase
    validation_shards: int
    sequence_length: int
    packing: str
    together: frozenset[str]  # sources whose documents stand together
    partitions: int = field(repr=False)  # over which parts are spread; the result does not depend on it

    def grouped(self, batches: PCollection[Any], shuffle: Shuffle) -> PCollection[Any]:
        done: PCollection[Any] = (
            batches
            | "Choose" >> shuffle.work(_Choose(self))
            | "By group" >> beam.GroupByKey()
            | "Pack" >> shuffle.work(_Pack(self))
            | "By part" >> beam.GroupByKey()
            | "Save" >> shuffle.work(_Save(self.out))
        )
        return done


@dataclass(eq=False)
class _Choose(beam.DoFn):
    place: Place

    def process(self, batch: Batch) -> Iterator[tuple[int, bytes]]:
        for item in batch.items:
            yield from self._copies(item)

    def _copies(self, item: TokensPart) -> Iterator[tuple[int, bytes]]:
        place = self.place
        own = [number for number, target in enumerate(place.targets) if target.source == item.source]
        for number in own:
            target = place.targets[number]
            copies = chosen(target, item.part, lengths.lengths(place.out, item.part, target.stratum))
            yield from self._grouped(copies, number, item.source)
        held_out = once(item.part, lengths.held_out(place.out, item.part))
        yield from self._grouped(held_out, own[0] + len(place.targets), item.source)

    def _grouped(self, copies: Array, number: int, source: str) -> Iterator[tuple[int, bytes]]:
        place = self.place
        is_held_out = number >= len(place.targets)
        copy = np.uint64(0) if is_held_out else derive(copies["copy"].astype(np.uint64), place.seed, "copy")
        if source in place.together:
            copies["order"] = together.regrouped(copies["order"], copy, place.seed)
        else:
            copies["order"] = derive(copies["order"] ^ copy, place.seed, "group")
        yield from scatter(copies, number * place.groups + partition(copies["order"], place.groups))


@dataclass(eq=False)
class _Pack(beam.DoFn):
    place: Place

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[tuple[int, bytes]]:
        number, blocks = group
        place = self.place
        copies = np.sort(gather(blocks, COPY), order=("order", "pointer"))
        is_validation, target = divmod(number // place.groups, len(place.targets))
        sources = list(dict.fromkeys(one.source for one in place.targets))
        source = place.targets[target].source
        packed = self._packed(copies, source)
        runs = np.empty(len(packed.document), RUN)
        runs["source"], runs["group"], runs["sequence"] = sources.index(source), number, packed.sequence
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

    def _packed(self, copies: Array, source: str) -> pack.Packing:
        place = self.place
        tokens, order = copies["tokens"].astype(np.int64), copies["order"].copy()
        if place.packing == "concatenate":  # documents that stand together follow one another already
            return pack.concatenate(tokens, place.sequence_length)
        if source not in place.together:
            return pack.best_fit(tokens, order, place.sequence_length)
        first = together.starts(order)
        sums = np.add.reduceat(tokens, first[:-1]) if len(tokens) else tokens
        return pack.divided(pack.best_fit(sums, order[first[:-1]], place.sequence_length), tokens, first)


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
