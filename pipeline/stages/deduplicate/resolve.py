"""Resolves pointers to ids: writes the duplicates of each part with the ids of their survivors."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from apache_beam.pvalue import PCollection

from massivetext.pipeline.runtime.blocks import Block, by_part, gather, partition_of_parts, row_of, scatter
from massivetext.pipeline.runtime.candidates import Candidates
from massivetext.pipeline.runtime.shuffle import Shuffle
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages.deduplicate import signatures
from massivetext.pipeline.stages.deduplicate.rows import FOUND, NAMED
from massivetext.pipeline.stages.deduplicate.signed_part import SignedPart
from massivetext.pipeline.storage import arrays, layout, parquet
from massivetext.pipeline.storage.arrays import Array
from massivetext.pipeline.storage.output import Output
from massivetext.schemas.duplicate import DUPLICATE, DUPLICATE_KINDS, DuplicateKind

STEP = "deduplicate/resolve"
_ROWS_AT_ONCE = 10_000


@dataclass(eq=False)
class Resolve:
    """Reads the files of found duplicates, and writes one file for each part."""

    out: str = field(repr=False)
    parts: Mapping[int, SignedPart]
    partitions: int = field(repr=False)  # the result does not depend on it

    def grouped(self, paths: PCollection[Any], shuffle: Shuffle) -> PCollection[Any]:
        done: PCollection[Any] = (
            paths
            | "Read" >> shuffle.work(_Read(self.partitions))
            | "By equal's part" >> beam.GroupByKey()
            | "Shorten exact" >> shuffle.work(_ShortenExact(self.partitions))
            | "By capture's part" >> beam.GroupByKey()
            | "Shorten captures" >> shuffle.work(_ShortenCaptures(self.partitions))
            | "By survivor's part" >> beam.GroupByKey()
            | "Name survivors" >> shuffle.work(_Name(self.out, self.parts, self.partitions))
            | "By part" >> beam.GroupByKey()
            | "Save" >> shuffle.work(_Save(self.out))
        )
        return done


@dataclass(eq=False)
class _Read(beam.DoFn):
    """Sends an exact duplicate to the part of its survivor, and any other duplicate to its own part: see
    `_ShortenExact`."""

    partitions: int

    def process(self, path: str) -> Iterator[Block]:
        rows = arrays.load(path)
        middle = np.where(rows["kind"] == DuplicateKind.EXACT, rows["survivor"], rows["pointer"])
        yield from scatter(rows, partition_of_parts(middle, self.partitions))


@dataclass(eq=False)
class _ShortenExact(beam.DoFn):
    """When the survivor of an exact duplicate is itself removed as a near duplicate, the exact duplicate gets that
    document's survivor, which stays. Both texts have the same Jaccard with it: they differ in white space alone."""

    partitions: int

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Block]:
        rows = gather(group[1], FOUND)
        near, exact = rows[rows["kind"] == DuplicateKind.NEAR], rows[rows["kind"] == DuplicateKind.EXACT]
        at, goes = _met(exact, near)
        for name in ("survivor", "kind", "jaccard"):
            exact[name][goes] = near[name][at]
        rows = np.concatenate([near, exact, rows[rows["kind"] == DuplicateKind.URL]])
        # A capture goes to the part of the newest one, any other to its own part: see `_ShortenCaptures`.
        goal = np.where(rows["kind"] == DuplicateKind.URL, rows["survivor"], rows["pointer"])
        yield from scatter(rows, partition_of_parts(goal, self.partitions))


@dataclass(eq=False)
class _ShortenCaptures(beam.DoFn):
    """When the newer capture of a page is itself removed as a duplicate, the older one gets that document's survivor,
    which stays."""

    partitions: int

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Block]:
        rows = gather(group[1], FOUND)
        of_texts, captures = rows[rows["kind"] != DuplicateKind.URL], rows[rows["kind"] == DuplicateKind.URL]
        at, goes = _met(captures, of_texts)
        captures["survivor"][goes] = of_texts["survivor"][at]
        found = np.concatenate([of_texts, captures])
        yield from scatter(found, partition_of_parts(found["survivor"], self.partitions))


def _met(rows: Array, removed: Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Returns whether the survivor of each row is itself in `removed`, and the places there of those that are."""
    order = np.argsort(removed["pointer"])
    if len(order) == 0:
        return order, np.zeros(len(rows), np.bool_)
    at = order[np.searchsorted(removed["pointer"], rows["survivor"], sorter=order).clip(max=len(order) - 1)]
    goes = removed["pointer"][at] == rows["survivor"]
    return at[goes], goes


@dataclass(eq=False)
class _Name(beam.DoFn):
    out: str
    parts: Mapping[int, SignedPart]
    partitions: int

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Block]:
        rows = gather(group[1], FOUND)
        for part, of_part in by_part(rows, rows["survivor"]):
            named = self._named(of_part, self.parts[part])
            yield from scatter(named, partition_of_parts(named["pointer"], self.partitions))

    def _named(self, rows: Array, survivors: SignedPart) -> Array:
        ids = parquet.read(survivors.signatures(self.out), ["id"]).column("id")
        named = np.empty(len(rows), NAMED)
        for name in FOUND.names or ():
            named[name] = rows[name]
        named["survivor_id"] = ids.take(pa.array(row_of(rows["survivor"]))).to_numpy().astype("S32")
        named["output"] = -1 if survivors.earlier is None else survivors.earlier
        return named


@dataclass(eq=False)
class _Save(beam.DoFn):
    out: str

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[int]:
        rows = gather(group[1], NAMED)
        for part, named in by_part(rows, rows["pointer"]):
            arrays.save(self.out, STEP, f"named-{part:05d}", named[np.argsort(named["pointer"])])
            yield part


@dataclass(frozen=True)
class WriteDuplicates:
    """Works on one part of documents/: writes its file of duplicates/, and counts.

    Figures: duplicate by kind; kept.
    """

    out: str = field(repr=False)
    earlier: tuple[str, ...]  # names of outputs

    def __call__(self, item: Candidates, output: Output) -> Tally:
        signed = parquet.read(f"{self.out}/{signatures.path(item.part)}", ["id", "bytes"])
        sizes = signed.column("bytes").to_numpy()
        is_kept = np.ones(len(sizes), np.bool_)
        tally = Tally()
        with parquet.writers(output, {layout.duplicates(item.part): DUPLICATE}) as (writer,):
            for path in arrays.saved(self.out, STEP, f"named-{item.part:05d}"):
                rows = arrays.load(path)
                at = row_of(rows["pointer"])
                is_kept[at] = False
                kinds = np.array([kind.label for kind in DuplicateKind])[rows["kind"]]
                for kind in DUPLICATE_KINDS:
                    tally.add_selected(item.source, Figure.DUPLICATE, kind, kinds == kind, sizes[at])
                table = pa.table(
                    [
                        signed.column("id").take(pa.array(at)),
                        pa.array(rows["survivor_id"].astype("U32"), pa.string()),
                        _named(self.earlier, rows["output"]),
                        pa.array(kinds, pa.string()),
                        pa.array(rows["jaccard"], from_pandas=True),  # null where it is not a number
                    ],
                    schema=DUPLICATE,
                )
                for batch in table.combine_chunks().to_batches(max_chunksize=_ROWS_AT_ONCE):
                    writer.write(batch)
        tally.add(item.source, Figure.KEPT, "", int(is_kept.sum()), int(sizes[is_kept].sum()))
        return tally


def _named(earlier: Sequence[str], outputs: npt.NDArray[np.int32]) -> pa.Array:
    """Returns the name of the earlier output that each survivor is in; null for this run's own."""
    return pa.array(earlier, pa.string()).take(pa.array(outputs, mask=outputs < 0))
