"""Exact duplicates: documents whose texts are the same or differ only in white space."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import PCollection

from massivetext.pipeline.runtime.blocks import Block, gather, partition, partition_of_parts, scatter
from massivetext.pipeline.runtime.shuffle import Shuffle
from massivetext.pipeline.stages.deduplicate.part_pointers import load_pointers
from massivetext.pipeline.stages.deduplicate.pointers_by_part import PointersByPart
from massivetext.pipeline.stages.deduplicate.rows import PRINT, is_first, ranked, removed_by_first
from massivetext.pipeline.stages.deduplicate.signed_part import SignedPart, SignedParts
from massivetext.pipeline.storage import arrays
from massivetext.pipeline.storage.arrays import Array, Pointers
from massivetext.schemas.duplicate import DuplicateKind

STEP = "deduplicate/exact"
FOUND_NAME = "found"  # by partition
_REPEATED = "repeated"  # the pointers of all but the first of equal documents, by part


@dataclass(eq=False)
class Exact:
    """Reads batches of parts and writes files: the exact duplicates, and which documents of each part equal an earlier
    one."""

    out: str = field(repr=False)
    partitions: int = field(repr=False)  # the result does not depend on it

    def grouped(self, batches: PCollection[Any], shuffle: Shuffle) -> PCollection[Any]:
        done: PCollection[Any] = (
            batches
            | "Read" >> shuffle.work(_Read(self.out, self.partitions))
            | "By fingerprint" >> beam.GroupByKey()
            | "Find" >> shuffle.work(_Find(self.out, self.partitions))
            | "By part" >> beam.GroupByKey()
            | "Save" >> shuffle.work(PointersByPart(self.out, STEP, _REPEATED))
        )
        return done


def repeated(out: str, part: int) -> Pointers:
    """Returns the pointers of a part's documents that equal an earlier document, ascending."""
    return load_pointers(out, STEP, _REPEATED, part)


@dataclass(eq=False)
class _Read(beam.DoFn):
    out: str
    partitions: int

    def process(self, batch: SignedParts) -> Iterator[Block]:
        for item in batch.parts:
            yield from self._blocks(item)

    def _blocks(self, item: SignedPart) -> Iterator[Block]:
        held: list[Array] = []
        for pointers, batch in item.batches(self.out, ["fingerprint", "order"]):
            rows = np.empty(batch.num_rows, PRINT)
            packed = np.frombuffer(b"".join(batch.column("fingerprint").to_pylist()), "<u8")
            rows["fingerprint"] = packed.reshape(-1, 2)
            rows["order"] = ranked(batch.column("order").to_numpy(), item.rank)
            rows["pointer"] = pointers
            held.append(rows)
        if held:
            rows = np.concatenate(held)
            yield from scatter(rows, partition(rows["fingerprint"][:, 0], self.partitions))


@dataclass(eq=False)
class _Find(beam.DoFn):
    out: str
    partitions: int

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Block]:
        number, blocks = group
        rows = gather(blocks, PRINT)
        prints = rows["fingerprint"]
        rows = rows[np.lexsort((rows["pointer"], rows["order"], prints[:, 1], prints[:, 0]))]
        first = is_first(rows["fingerprint"])
        found = removed_by_first(rows, first, DuplicateKind.EXACT, 1.0)
        arrays.save(self.out, STEP, f"{FOUND_NAME}-{number:05d}", found)
        others = rows["pointer"][~first]
        yield from scatter(others, partition_of_parts(others, self.partitions))
