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
from massivetext.pipeline.runtime.blocks import Block, gather, partition, partition_of_parts, scatter
from massivetext.pipeline.runtime.shuffle import Shuffle
from massivetext.pipeline.stages.deduplicate import exact
from massivetext.pipeline.stages.deduplicate.pointers_by_part import PointersByPart
from massivetext.pipeline.stages.deduplicate.rows import MEMBER, Rank, always_stays, ranked
from massivetext.pipeline.stages.deduplicate.signed_part import SignedPart, SignedParts
from massivetext.pipeline.storage import arrays
from massivetext.pipeline.storage.arrays import Array, Pointers

STEP = "deduplicate/buckets"
MEMBERS = "members"  # the members of buckets of two or more documents, by partition
CANDIDATES = "candidates"  # the pointers of these members, by part
_ROWS_AT_ONCE = 1 << 20


@dataclass(eq=False)
class Buckets:
    """Reads the signatures of batches of parts and writes files: the buckets, and which documents of each part are in
    one."""

    out: str = field(repr=False)
    band_count: int
    rows: int
    partitions: int

    def grouped(self, batches: PCollection[Any], shuffle: Shuffle) -> PCollection[Any]:
        done: PCollection[Any] = (
            batches
            | "Read" >> shuffle.work(self.reader())
            | "By band" >> beam.GroupByKey()
            | "Buckets" >> shuffle.work(_Bucket(self.out, self.partitions))
            | "By part" >> beam.GroupByKey()
            | "Candidates" >> shuffle.work(PointersByPart(self.out, STEP, CANDIDATES))
        )
        return done

    def reader(self) -> beam.DoFn:
        """Returns what makes blocks of MEMBER of a batch."""
        return _Read(self.out, self.band_count, self.rows, self.partitions)


@dataclass(eq=False)
class _Read(beam.DoFn):
    """Yields the bands of each document. Of documents with the same text only the first has bands: all have the same
    shingles."""

    out: str
    band_count: int
    rows: int
    partitions: int

    def process(self, batch: SignedParts) -> Iterator[Block]:
        for item in batch.parts:
            yield from self._blocks(item)

    def _blocks(self, item: SignedPart) -> Iterator[Block]:
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
        if len(repeated):
            members = members[~np.isin(pointers[is_signed], repeated)]
        return members.reshape(-1)

    def _scatter(self, held: list[Array]) -> Iterator[Block]:
        if held:
            members = np.concatenate(held)
            yield from scatter(members, partition(members["bucket"], self.partitions))


def shared(members: Array) -> Array:
    """The members of buckets in which two or more documents are and at least one may be removed, sorted by bucket
    and then by order."""
    rows = _not_alone(members)
    rows = rows[np.lexsort((rows["pointer"], rows["order"], rows["bucket"]))]
    if len(rows) == 0:
        return rows
    starts = first_rows(rows["bucket"])
    sizes = np.diff(starts, append=len(rows))
    last = rows["order"][starts + sizes - 1]
    found: Array = rows[np.repeat((sizes > 1) & ~always_stays(last), sizes)]
    return found


def _not_alone(members: Array) -> Array:
    """Returns the members of buckets with two or more documents. Most documents are alone in their buckets, so a sort
    by bucket alone spares them a costlier one."""
    order = np.argsort(members["bucket"])
    buckets = members["bucket"][order]
    same = np.flatnonzero(buckets[1:] == buckets[:-1])
    found: Array = members[order[np.union1d(same, same + 1)]]
    return found


def first_rows(buckets: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Returns the row at which each bucket starts. The rows are sorted and not empty."""
    return np.flatnonzero(np.concatenate([[True], buckets[1:] != buckets[:-1]]))


@dataclass(eq=False)
class _Bucket(beam.DoFn):
    out: str
    partitions: int

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Block]:
        number, blocks = group
        rows = shared(gather(blocks, MEMBER))
        arrays.save(self.out, STEP, f"{MEMBERS}-{number:05d}", rows)
        candidates = np.unique(rows["pointer"])
        yield from scatter(candidates, partition_of_parts(candidates, self.partitions))
