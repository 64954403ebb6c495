"""Buckets: documents that share the hash of a band, and so may be near duplicates."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from apache_beam.pvalue import PCollection

from massivetext.filters.similarity.minhash import bands
from massivetext.pipeline.runtime.blocks import Block, gather, part_of, partition, scatter
from massivetext.pipeline.stages.deduplicate import exact
from massivetext.pipeline.stages.deduplicate.rows import MEMBER, Rank, always_stays, ranked
from massivetext.pipeline.stages.deduplicate.signed_part import SignedPart
from massivetext.pipeline.storage import arrays
from massivetext.pipeline.storage.arrays import Array, Pointers

MEMBERS = "members"  # buckets of two or more, by partition
CANDIDATES = "candidates"  # pointers of their members, by part
_ROWS_AT_ONCE = 1 << 20


def step(number: int) -> str:
    """The name of one pass over the signatures."""
    return f"deduplicate/buckets-{number:02d}"


@dataclass(eq=False)
class Buckets(beam.PTransform[Any, Any]):
    """Reads the signatures of parts and writes files: the buckets, and which documents of each part are in one.

    One pass groups some of the partitions, so that what is grouped at once fits in one machine's memory. Each pass
    reads the signatures again, which is cheap.
    """

    out: str = field(repr=False)
    number: int  # of the pass
    band_count: int
    rows: int
    partitions: int  # of all passes
    chosen: range  # those of this one

    def expand(self, parts: PCollection[Any]) -> PCollection[Any]:
        read = _Read(self.out, self.band_count, self.rows, self.partitions, self.chosen)
        done: PCollection[Any] = (
            parts
            | "Read" >> beam.ParDo(read)
            | "By band" >> beam.GroupByKey()
            | "Buckets" >> beam.ParDo(_Bucket(self.out, step(self.number)))
            | "By part" >> beam.GroupByKey()
            | "Candidates" >> beam.ParDo(_Candidates(self.out, step(self.number)))
        )
        return done


@dataclass(eq=False)
class _Read(beam.DoFn):
    """Yields the bands of each document. Of documents with the same text only the first has bands: all have the same
    shingles."""

    out: str
    band_count: int
    rows: int
    partitions: int
    chosen: range

    def process(self, item: SignedPart) -> Iterator[Block]:
        repeated = exact.repeated(self.out, item.part)
        held: list[Array] = []
        for pointers, batch in item.batches(self.out, ["order", "signature"]):
            held.append(self._members(pointers, batch, item.rank, repeated))
            if sum(map(len, held)) >= _ROWS_AT_ONCE:
                yield from self._scatter(held)
                held = []
        yield from self._scatter(held)

    def _members(self, pointers: Pointers, batch: pa.RecordBatch, rank: Rank, repeated: Pointers) -> Array:
        signatures = batch.column("signature")
        is_signed = signatures.is_valid().to_numpy(zero_copy_only=False)
        members = np.empty((int(is_signed.sum()), self.band_count), MEMBER)
        if len(members) == 0:
            return members.reshape(-1)
        values = signatures.flatten()
        signed = pa.FixedSizeListArray.from_arrays(values, len(values) // len(members))
        hashed = bands(signed, self.band_count, self.rows)
        members["bucket"] = hashed.flatten().to_numpy().reshape(-1, self.band_count)
        members["order"] = ranked(batch.column("order").to_numpy()[is_signed], rank)[:, None]
        members["pointer"] = pointers[is_signed][:, None]
        flat = members[~np.isin(pointers[is_signed], repeated)].reshape(-1)
        wanted = partition(flat["bucket"], self.partitions)
        found: Array = flat[(wanted >= self.chosen.start) & (wanted < self.chosen.stop)]
        return found

    def _scatter(self, held: list[Array]) -> Iterator[Block]:
        if held:
            members = np.concatenate(held)
            yield from scatter(members, partition(members["bucket"], self.partitions))


def shared(members: Array) -> Array:
    """The members of buckets in which two or more documents are and at least one may be removed, sorted by bucket
    and then by order."""
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
    step: str

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Block]:
        number, blocks = group
        rows = shared(gather(blocks, MEMBER))
        arrays.save(self.out, self.step, f"{MEMBERS}-{number:05d}", rows)
        candidates = np.unique(rows["pointer"])
        yield from scatter(candidates, part_of(candidates))


@dataclass(eq=False)
class _Candidates(beam.DoFn):
    out: str
    step: str

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[int]:
        part, blocks = group
        found = np.unique(np.frombuffer(b"".join(blocks), np.uint64))
        arrays.save(self.out, self.step, f"{CANDIDATES}-{part:05d}", found)
        yield part
