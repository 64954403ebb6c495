"""Exact duplicates, and the buckets of those that may be near ones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from apache_beam.pvalue import PCollection

from filters.minhash import bands
from pipeline import kept, parquet
from pipeline.deduplicate.rows import FOUND, MEMBER, always_stays, ranked, signed
from pipeline.deduplicate.signed_part import SignedPart
from pipeline.grouping import arrays
from pipeline.grouping.blocks import Array, gather, part_of, partition, pointers, scatter

STEP = "deduplicate/buckets"
EXACT = "exact"  # found duplicates, by partition
MEMBERS = "members"  # buckets of two or more, by partition
CANDIDATES = "candidates"  # pointers of their members, by part


@dataclass(eq=False)
class Buckets(beam.PTransform[Any, Any]):
    """Parts in; files out: exact duplicates, buckets, and which documents of each part are in any."""

    out: str
    band_count: int
    rows: int
    partitions: int

    def expand(self, parts: PCollection[Any]) -> PCollection[Any]:
        done: PCollection[Any] = (
            parts
            | "Read" >> beam.ParDo(_Read(self.out, self.band_count, self.rows, self.partitions))
            | "By fingerprint" >> beam.GroupByKey()
            | "Exact" >> beam.ParDo(_Exact(self.out, self.band_count, self.partitions))
            | "By band" >> beam.GroupByKey()
            | "Buckets" >> beam.ParDo(_Bucket(self.out))
            | "By part" >> beam.GroupByKey()
            | "Candidates" >> beam.ParDo(_Candidates(self.out))
        )
        return done


@dataclass(eq=False)
class _Read(beam.DoFn):
    out: str
    band_count: int
    rows: int
    partitions: int

    def process(self, item: SignedPart) -> Iterator[tuple[int, bytes]]:
        gone = kept.duplicates(item.folder, item.number) if item.folder else None
        first = 0
        for batch in parquet.batches(item.signatures(self.out)):
            rows = self._rows(batch, item, first)
            first += batch.num_rows
            if gone is not None:
                rows = rows[~pc.is_in(batch.column("id"), gone).to_numpy(zero_copy_only=False)]
            yield from scatter(rows, partition(rows["fingerprint"][:, 0], self.partitions))

    def _rows(self, batch: pa.RecordBatch, item: SignedPart, first: int) -> Array:
        rows = np.zeros(batch.num_rows, signed(self.band_count))
        packed = np.frombuffer(b"".join(batch.column("fingerprint").to_pylist()), "<u8")
        rows["fingerprint"] = packed.reshape(-1, 2)
        rows["order"] = ranked(batch.column("order").to_numpy(), item.rank)
        rows["pointer"] = pointers(item.part, np.arange(first, first + batch.num_rows))
        hashed = bands(batch.column("signature"), self.band_count, self.rows)
        is_signed = hashed.is_valid().to_numpy(zero_copy_only=False)
        rows["is_signed"] = is_signed
        rows["bands"][is_signed] = hashed.flatten().to_numpy().reshape(-1, self.band_count)
        return rows


@dataclass(eq=False)
class _Exact(beam.DoFn):
    out: str
    band_count: int
    partitions: int

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[tuple[int, bytes]]:
        number, blocks = group
        rows = gather(blocks, signed(self.band_count))
        prints = rows["fingerprint"]
        rows = rows[np.lexsort((rows["pointer"], rows["order"], prints[:, 1], prints[:, 0]))]
        prints = rows["fingerprint"]
        is_first = np.concatenate([[True], (prints[1:] != prints[:-1]).any(axis=1)])
        survivor = rows["pointer"][np.maximum.accumulate(np.where(is_first, np.arange(len(rows)), 0))]
        goes = ~is_first & ~always_stays(rows["order"])
        found = np.zeros(int(goes.sum()), FOUND)
        found["pointer"], found["survivor"] = rows["pointer"][goes], survivor[goes]
        found["is_exact"], found["jaccard"] = 1, 1.0
        arrays.save(self.out, STEP, f"{EXACT}-{number:05d}", found)
        # Of equal ones that all stay, the first stands for all: their sets of shingles are the same.
        stay = rows[is_first & (rows["is_signed"] == 1)]
        members = np.empty((len(stay), self.band_count), MEMBER)
        members["bucket"] = stay["bands"]
        members["order"], members["pointer"] = stay["order"][:, None], stay["pointer"][:, None]
        flat = members.reshape(-1)
        yield from scatter(flat, partition(flat["bucket"], self.partitions))


def shared(members: Array) -> Array:
    """Members of buckets of two or more of which one may go, sorted by bucket and, within it, by order."""
    rows = members[np.lexsort((members["pointer"], members["order"], members["bucket"]))]
    if len(rows) == 0:
        return rows
    starts = first_rows(rows["bucket"])
    sizes = np.diff(starts, append=len(rows))
    last = rows["order"][starts + sizes - 1]
    found: Array = rows[np.repeat((sizes > 1) & ~always_stays(last), sizes)]
    return found


def first_rows(buckets: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Where each bucket starts in sorted, non-empty rows."""
    return np.flatnonzero(np.concatenate([[True], buckets[1:] != buckets[:-1]]))


@dataclass(eq=False)
class _Bucket(beam.DoFn):
    out: str

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[tuple[int, bytes]]:
        number, blocks = group
        rows = shared(gather(blocks, MEMBER))
        arrays.save(self.out, STEP, f"{MEMBERS}-{number:05d}", rows)
        candidates = np.unique(rows["pointer"])
        yield from scatter(candidates, part_of(candidates))


@dataclass(eq=False)
class _Candidates(beam.DoFn):
    out: str

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[int]:
        part, blocks = group
        found = np.unique(np.frombuffer(b"".join(blocks), np.uint64))
        arrays.save(self.out, STEP, f"{CANDIDATES}-{part:05d}", found)
        yield part
