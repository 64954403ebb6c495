"""Which documents are still in: candidates that were neither found duplicate nor contaminated."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from massivetext.pipeline.storage import files, layout, parquet


@dataclass(frozen=True)
class Candidates:
    """The item of a part of any stage after curate: one file of documents/."""

    part: int
    source: str
    bytes: int  # of the file


def candidates(out: str, sources: Sequence[str]) -> list[Candidates]:
    """The files of documents/ of some sources, by part."""
    found = []
    for source in sources:
        for path, size in files.match(posixpath.join(out, layout.documents_of(source))):
            found.append(Candidates(layout.part_of(path), source, size))
    return sorted(found, key=lambda item: item.part)


def duplicates(out: str, part: int) -> pa.Array:
    """The ids of a part's documents that deduplicate removed."""
    path = posixpath.join(out, layout.duplicates(part))
    if not files.exists(path):
        return pa.array([], pa.string())
    return parquet.read(path, ["id"]).column("id").combine_chunks()


def contaminated(out: str, part: int) -> pa.Array:
    """The ids of a part's documents that decontaminate removed."""
    path = posixpath.join(out, layout.contaminated(part))
    if not files.exists(path):
        return pa.array([], pa.string())
    table = parquet.read(path, ["id", "removed"])
    return table.filter(table.column("removed")).column("id").combine_chunks()


def without(out: str, item: Candidates, columns: Sequence[str], gone: pa.Array) -> Iterator[pa.RecordBatch]:
    """The documents of a part but for those whose id is in `gone`; `columns` must hold `id`."""
    path = posixpath.join(out, layout.documents(item.source, item.part))
    for batch in parquet.batches(path, columns):
        yield batch.filter(pc.invert(pc.is_in(batch.column("id"), gone)))


def batches(out: str, item: Candidates, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The documents of a part that are still in after deduplicate and decontaminate."""
    gone = pa.concat_arrays([duplicates(out, item.part), contaminated(out, item.part)])
    return without(out, item, columns, gone)
