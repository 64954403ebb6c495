"""Captures: keeps, of a source's documents with the same canonical URL, only the newest.

This happens before texts are compared, so that no document is a duplicate of a capture that is removed. A page that
an earlier run kept always stays: this run removes all its captures of that page, even newer ones.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from apache_beam.pvalue import PCollection

from massivetext.filters.seeded import order
from massivetext.filters.similarity.fingerprint import fingerprints
from massivetext.filters.url import canonical
from massivetext.pipeline.runtime.blocks import Block, gather, partition, partition_of_parts, scatter
from massivetext.pipeline.runtime.shuffle import Shuffle
from massivetext.pipeline.stages.deduplicate.pointers_by_part import PointersByPart
from massivetext.pipeline.stages.deduplicate.rows import (
    CAPTURE,
    Rank,
    always_stays,
    is_first,
    ranked,
    removed_by_first,
)
from massivetext.pipeline.stages.deduplicate.signed_part import CAPTURES, SUPERSEDED, SignedPart, SignedParts
from massivetext.pipeline.storage import arrays
from massivetext.pipeline.storage.arrays import Array
from massivetext.schemas.duplicate import DuplicateKind

FOUND_NAME = "found"  # by partition
_UNKNOWN = np.iinfo(np.int64).min  # a capture without a date is older than any with one


@dataclass(eq=False)
class Captures:
    """Reads batches of parts and writes files: the captures that are removed, each with the newest one, and which
    documents of each part are removed."""

    out: str = field(repr=False)
    seed: int
    partitions: int = field(repr=False)  # the result does not depend on it

    def grouped(self, batches: PCollection[Any], shuffle: Shuffle) -> PCollection[Any]:
        done: PCollection[Any] = (
            batches
            | "Read" >> shuffle.work(_Read(self.out, self.seed, self.partitions))
            | "By URL" >> beam.GroupByKey()
            | "Find" >> shuffle.work(_Find(self.out, self.partitions))
            | "By part" >> beam.GroupByKey()
            | "Save" >> shuffle.work(PointersByPart(self.out, CAPTURES, SUPERSEDED))
        )
        return done


@dataclass(eq=False)
class _Read(beam.DoFn):
    out: str
    seed: int
    partitions: int

    def process(self, batch: SignedParts) -> Iterator[Block]:
        for item in batch.parts:
            yield from self._blocks(item)

    def _blocks(self, item: SignedPart) -> Iterator[Block]:
        if item.rank is Rank.EXEMPT:
            return
        # A page of an earlier run stays whatever its date, so its output needs no dates.
        is_own = item.rank is Rank.OWN
        columns = ["id", "url", "captured"] if is_own else ["url"]
        held: list[Array] = []
        for stand, batch in item.present(self.out, columns):
            urls = canonical(batch.column("url"))
            rows = np.empty(batch.num_rows, CAPTURE)
            rows["url"] = _fingerprints(item.source, urls)
            rows["captured"] = _microseconds(batch.column("captured")) if is_own else _UNKNOWN
            rows["order"] = ranked(order(batch.column("id"), self.seed, "survivor"), item.rank)
            rows["pointer"] = stand
            held.append(rows[urls.is_valid().to_numpy(zero_copy_only=False)])
        if held:
            found = np.concatenate(held)
            yield from scatter(found, partition(found["url"][:, 0], self.partitions))


def _fingerprints(source: str, urls: pa.StringArray) -> npt.NDArray[np.uint64]:
    """Returns fingerprints of source and URL together: uint64[n, 2]. A space joins them, since no URL holds one."""
    named = pc.binary_join_element_wise(source, urls.fill_null(""), " ")
    packed = b"".join(fingerprints(pa.record_batch({"text": named})).to_pylist())
    return np.frombuffer(packed, "<u8").reshape(-1, 2)


def _microseconds(captured: pa.TimestampArray) -> npt.NDArray[np.int64]:
    since: npt.NDArray[np.int64] = captured.cast(pa.int64()).fill_null(_UNKNOWN).to_numpy()
    return since


@dataclass(eq=False)
class _Find(beam.DoFn):
    out: str
    partitions: int

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Block]:
        number, blocks = group
        rows = gather(blocks, CAPTURE)
        url, is_own = rows["url"], ~always_stays(rows["order"])
        newest_first = (rows["pointer"], rows["order"], ~rows["captured"], is_own)
        rows = rows[np.lexsort((*newest_first, url[:, 1], url[:, 0]))]
        found = removed_by_first(rows, is_first(rows["url"]), DuplicateKind.URL, np.nan)
        arrays.save(self.out, CAPTURES, f"{FOUND_NAME}-{number:05d}", found)
        yield from scatter(found["pointer"], partition_of_parts(found["pointer"], self.partitions))
