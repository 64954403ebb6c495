"""Exact duplicates, and the buckets of those that may be near ones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
from apache_beam.pvalue import PCollection

from filters.minhash import bands
from pipeline import parquet
from pipeline.deduplicate import arrays, signatures
from pipeline.deduplicate.rows import (
    FOUND,
    MEMBER,
    Array,
    gather,
    part_of,
    partition,
    pointers,
    scatter,
    signed,
)

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

    def process(self, part: int) -> Iterator[tuple[int, bytes]]:
        first = 0
        for batch in parquet.batches(f"{self.out}/{signatures.path(part)}"):
            rows = self._rows(batch, part, first)
            first += batch.num_rows
            yield from scatter(rows, partition(rows["fingerprint"][:, 0], self.partitions))

    def _rows(self, batch: pa.RecordBatch, part: int, first: int) -> Array:
        rows = np.zeros(batch.num_rows, signed(self.band_count))
        packed = np.frombuffer(b"".join(batch.column("fingerprint").to_pylist()), "<u8")
        rows["fingerprint"] = packed.reshape(-1, 2)
        rows["order"] = batch.column("order").to_numpy()
        rows["pointer"] = pointers(part, np.arange(first, first + batch.num_rows))
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
        found = np.zeros(int((~is_first).sum()), FOUND)
        found["pointer"], found["survivor"] = rows["pointer"][~is_first], survivor[~is_first]
        found["is_exact"], found["jaccard"] = 1, 1.0
        arrays.save(self.out, STEP, f"{EXACT}-{number:05d}", found)
        stay = rows[is_first & (rows["is_signed"] == 1)]
        members = np.empty((len(stay), self.band_count), MEMBER)
        members["bucket"] = stay["bands"]
        members["order"], members["pointer"] = stay["order"][:, None], stay["pointer"][:, None]
        flat = members.reshape(-1)
        yield from scatter(flat, partition(flat["bucket"], self.partitions))


def shared(members: Array) -> Array:
    """Members of buckets of two or more, sorted by bucket and, within it, by order."""
    rows = members[np.lexsort((members["pointer"], members["order"], members["bucket"]))]
    if len(rows) == 0:
        return rows
    follows = rows["bucket"][1:] == rows["bucket"][:-1]
    kept: Array = rows[np.concatenate([[False], follows]) | np.concatenate([follows, [False]])]
    return kept


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
