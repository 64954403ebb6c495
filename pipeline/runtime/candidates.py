"""Finds the candidates: the documents that neither a rule nor a later stage removed."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.pipeline.runtime.keys import key_of
from massivetext.pipeline.runtime.parts import records
from massivetext.pipeline.runtime.tally import Figure
from massivetext.pipeline.storage import files, layout, parquet

_JUDGED = "curate/judge"  # the step that writes verdicts/


@dataclass(frozen=True)
class Candidates:
    """The item of a part of any stage after curate: a file of documents/ with documents that the rules keep."""

    part: int
    source: str
    bytes: int = field(repr=False)  # of the texts that the rules keep
    holds: str  # a hash of its documents and of which of them are candidates


def candidates(out: str, sources: Sequence[str], after: Sequence[str] = ()) -> list[Candidates]:
    """Returns the files of documents/ of some sources with documents that the rules keep, by part.

    `after` names the later stages that may have removed some of them.
    """
    removals = [{record.part: record.files for record in records(out, stage)} for stage in after]
    counted = ((record.part, row) for record in records(out, _JUDGED) for row in record.rows)
    found = []
    for part, row in counted:
        if row.figure == Figure.CANDIDATES and row.documents and row.source in sources:
            gone = [[written.sha256 for written in of_stage.get(part, ())] for of_stage in removals]
            found.append(Candidates(part, row.source, row.bytes, key_of(row.key, gone)))
    return sorted(found, key=lambda item: item.part)


def kept_rows(out: str, source: str, part: int) -> npt.NDArray[np.int64]:
    """Returns the rows of a part's file of documents/ that no rule removed."""
    removed_by = parquet.read(posixpath.join(out, layout.verdicts(source, part)), ["removed_by"])
    is_kept = removed_by.column("removed_by").is_null().to_numpy()
    return np.flatnonzero(is_kept)


def kept(out: str, source: str, part: int, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yields the documents of a part that no rule removed, in their order."""
    path = posixpath.join(out, layout.documents(source, part))
    return parquet.rows(path, columns, kept_rows(out, source, part))


def duplicates(out: str, part: int) -> pa.Array:
    """Returns the ids of a part's documents that deduplicate removed."""
    path = posixpath.join(out, layout.duplicates(part))
    if not files.exists(path):
        return pa.array([], pa.string())
    return parquet.read(path, ["id"]).column("id").combine_chunks()


def contaminated(out: str, part: int) -> pa.Array:
    """Returns the ids of a part's documents that decontaminate removed."""
    path = posixpath.join(out, layout.contaminated(part))
    if not files.exists(path):
        return pa.array([], pa.string())
    table = parquet.read(path, ["id", "removed"])
    return table.filter(table.column("removed")).column("id").combine_chunks()


def without(out: str, item: Candidates, columns: Sequence[str], gone: pa.Array) -> Iterator[pa.RecordBatch]:
    """Returns the documents of a part that the rules keep and whose id is not in `gone`. `columns` must have `id`."""
    left = partial(_left, gone)
    return map(left, kept(out, item.source, item.part, columns))  # a loop would keep what it has filtered


def _left(gone: pa.Array, batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch.filter(pc.invert(pc.is_in(batch.column("id"), gone)))


def batches(out: str, item: Candidates, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Returns the documents of a part that deduplicate and decontaminate left."""
    gone = pa.concat_arrays([duplicates(out, item.part), contaminated(out, item.part)])
    return without(out, item, columns, gone)
