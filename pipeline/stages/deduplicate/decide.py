"""Decide: a document stays once no bucket holds it and it waits for no earlier document. Its duplicates are removed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import TaggedOutput

from massivetext.pipeline.runtime.blocks import Block, gather, partition_of_pointers, scatter
from massivetext.pipeline.runtime.counters import GROUPED
from massivetext.pipeline.stages.deduplicate.rows import FOUND, HELD, REMOVAL, always_stays
from massivetext.pipeline.stages.deduplicate.verify_pairs import distinct, led_file
from massivetext.pipeline.storage import arrays
from massivetext.schemas.duplicate import DuplicateKind

FOUND_NAME = "found"


@dataclass(eq=False)
class Ask(beam.DoFn):
    """Sends each verified pair to the partition that knows whether the first of the two documents stays.

    A document is undecided while a bucket holds it, or while it waits for an answer."""

    partitions: int

    def process(
        self, group: tuple[int, dict[str, Iterable[bytes]]]
    ) -> Iterator[Block | TaggedOutput[Literal["undecided"], Block] | TaggedOutput[Literal["held"], Block]]:
        number, blocks = group
        held = gather(blocks["held"], HELD)
        waits = distinct(np.concatenate([gather(blocks["found"], REMOVAL), gather(blocks["waits"], REMOVAL)]))
        yield from scatter(waits, partition_of_pointers(waits["leader"], self.partitions))
        undecided = np.union1d(held["pointer"], waits["pointer"])
        if len(undecided):
            GROUPED.inc(undecided.nbytes + held.nbytes)
            yield TaggedOutput[Literal["undecided"], Block]("undecided", (number, undecided.tobytes()))
            yield TaggedOutput[Literal["held"], Block]("held", (number, held.tobytes()))


@dataclass(eq=False)
class Answer(beam.DoFn):
    """Answers for each pair: the duplicate of a document that stays is removed; the duplicate of a document that
    is gone is free; the others wait on."""

    partitions: int

    def process(
        self, group: tuple[int, dict[str, Iterable[bytes]]]
    ) -> Iterator[Block | TaggedOutput[Literal["removals"], Block]]:
        _, blocks = group
        waits, gone = gather(blocks["waits"], REMOVAL), gather(blocks["gone"], np.dtype("u8"))
        waits = waits[~np.isin(waits["leader"], gone)]
        undecided = np.isin(waits["leader"], gather(blocks["undecided"], np.dtype("u8")))
        stays = ~undecided | always_stays(waits["leader_order"])
        yield from scatter(waits[~stays], partition_of_pointers(waits["pointer"][~stays], self.partitions))
        removals = waits[stays]
        for block in scatter(removals, partition_of_pointers(removals["pointer"], self.partitions)):
            yield TaggedOutput("removals", block)


@dataclass(eq=False)
class Remove(beam.DoFn):
    """Removes documents. Each names the first of the documents that stay and that it duplicates, and is not
    compared again."""

    out: str
    step: str
    index: int

    def process(
        self, group: tuple[int, dict[str, Iterable[bytes]]]
    ) -> Iterator[
        tuple[str, bytes] | TaggedOutput[Literal["waits"], Block] | TaggedOutput[Literal["gone"], Block]
    ]:
        number, blocks = group
        removals = gather(blocks["removals"], REMOVAL)
        first_by = (removals["leader"], removals["leader_order"], removals["pointer"])
        removals = removals[np.lexsort(first_by)]
        removed, at = np.unique(removals["pointer"], return_index=True)
        found = np.zeros(len(removed), FOUND)
        found["pointer"], found["survivor"] = removed, removals["leader"][at]
        found["kind"], found["jaccard"] = DuplicateKind.NEAR, removals["jaccard"][at]
        arrays.save(self.out, self.step, f"{FOUND_NAME}-{self.index}-{number:05d}", found)
        held, waits = gather(blocks["held"], HELD), gather(blocks["waits"], REMOVAL)
        held, waits = (rows[~np.isin(rows["pointer"], removed)] for rows in (held, waits))
        for of, pointers in scatter(held["pointer"], held["partition"].astype(np.int64)):
            yield arrays.path(self.out, self.step, led_file(self.index, of)), pointers
        GROUPED.inc(waits.nbytes + removed.nbytes)
        if len(waits):
            yield TaggedOutput[Literal["waits"], Block]("waits", (number, waits.tobytes()))
        if len(removed):
            yield TaggedOutput[Literal["gone"], Block]("gone", (number, removed.tobytes()))
