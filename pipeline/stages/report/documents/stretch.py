"""Reads Parquet files in stretches: many documents at once, without their text, which is fetched only when needed."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from massivetext.pipeline.storage import footer, layout, parquet

DOCUMENTS = 16_384
"""The fewest documents in a stretch, except in a file's last one. A row group by itself has too few rows to be worth a
call."""

TEXT_BYTES = 16 << 20
"""The fewest bytes of text that are fetched at once, except for a stretch's last texts."""


class Place(NamedTuple):
    """The place of a document: a file within OUT, a row group of the file, and a row of the group."""

    path: str
    group: int
    row: int


@dataclass(frozen=True)
class Stretch:
    """Some columns of some rows of consecutive row groups of a file within OUT."""

    path: str
    columns: pa.RecordBatch
    first: int  # the first row group
    ends: npt.NDArray[np.int64]  # int64[row groups]: the row at which each group ends
    stand: npt.NDArray[np.int64]  # int64[rows]: the number of each row within the groups, ascending
    file: pq.ParquetFile

    def place(self, row: int) -> Place:
        stands = int(self.stand[row])
        group = int(np.searchsorted(self.ends, stands, side="right"))
        return Place(self.path, self.first + group, stands - (int(self.ends[group - 1]) if group else 0))

    def only(self, chosen: npt.NDArray[np.bool_], **more: pa.Array) -> "Stretch":
        """Some of the rows, with more columns."""
        batch = self.columns.filter(pa.array(chosen))
        columns = {**dict(zip(batch.schema.names, batch.columns, strict=True)), **more}
        return replace(self, columns=pa.record_batch(columns), stand=self.stand[chosen])

    def texts(self, rows: npt.NDArray[np.int64]) -> Iterator[tuple[npt.NDArray[np.int64], pa.Array]]:
        """The texts of these rows, which ascend, about TEXT_BYTES at a time: the rows, and a string for each."""
        taken: list[pa.Array] = []
        begun = done = 0
        start = 0
        stand = self.stand[rows]
        for number, end in enumerate(self.ends.tolist(), self.first):
            until = int(np.searchsorted(stand, end))
            if until > done:
                texts = _batch(self.file, [number], ["text"]).column("text")
                taken.append(texts.take(pa.array(stand[done:until] - start)))
            done, start = until, end
            if taken and (sum(array.nbytes for array in taken) >= TEXT_BYTES or done == len(rows)):
                yield rows[begun:done], pa.concat_arrays(taken)
                taken, begun = [], done

    def values(self, column: str) -> npt.NDArray[np.float64]:
        """The values of a measurement, by row; NaN where it was not measured."""
        values: npt.NDArray[np.float64] = self.columns.column(column).to_numpy(zero_copy_only=False)
        return values.astype(np.float64)

    def removed_by(self) -> npt.NDArray[np.object_] | None:
        """The rule that removed each row; None if the rules keep all rows (see `judged`)."""
        if "removed_by" not in self.columns.schema.names:
            return None
        names: npt.NDArray[np.object_] = self.columns.column("removed_by").to_numpy(zero_copy_only=False)
        return names


def stretches(out: str, path: str, columns: Sequence[str]) -> Iterator[Stretch]:
    """All rows of a file, one stretch at a time, with those of the named columns that the file has."""
    with footer.opened(posixpath.join(out, path)) as file:
        names = [name for name in file.schema_arrow.names if name in columns]
        sizes = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
        first = 0
        while first < len(sizes):
            ends = np.cumsum(sizes[first:])
            count = min(int(np.searchsorted(ends, DOCUMENTS)) + 1, len(ends))
            batch = _batch(file, range(first, first + count), names)
            yield Stretch(path, batch, first, ends[:count], np.arange(batch.num_rows), file)
            first += count


def judged(out: str, source: str, part: int, columns: Sequence[str]) -> Iterator[Stretch]:
    """All documents of a part, one stretch at a time. A stretch holds either documents that the rules keep, or
    documents that they remove, with the columns of their verdicts.
    """
    verdicts = parquet.read(
        posixpath.join(out, layout.verdicts(source, part)), ["removed_by", "failed_rules"]
    )
    first = 0
    for stretch in stretches(out, layout.documents(source, part), columns):
        of_stretch = verdicts.slice(first, len(stretch.stand)).combine_chunks()
        first += len(stretch.stand)
        is_kept = of_stretch.column("removed_by").is_null().to_numpy()
        if is_kept.any():
            yield stretch.only(is_kept)
        if not is_kept.all():
            [removed] = of_stretch.filter(pa.array(~is_kept)).combine_chunks().to_batches()
            yield stretch.only(~is_kept, **dict(zip(removed.schema.names, removed.columns, strict=True)))


def read_verdicts(out: str, path: str, number: int) -> pa.Table:
    """The rows of verdicts/ for the documents of one row group."""
    with footer.opened(posixpath.join(out, path)) as file:
        sizes = [file.metadata.row_group(group).num_rows for group in range(number + 1)]
    return parquet.read(posixpath.join(out, layout.verdicts_of(path))).slice(sum(sizes[:-1]), sizes[-1])


def read_group(out: str, path: str, number: int, only: Sequence[str] = ()) -> pa.RecordBatch:
    """One row group, with all columns or those of the named ones that the file has."""
    with footer.opened(posixpath.join(out, path)) as file:
        return _batch(file, [number], [name for name in file.schema_arrow.names if not only or name in only])


def _batch(file: pq.ParquetFile, numbers: Sequence[int], names: Sequence[str]) -> pa.RecordBatch:
    table = file.read_row_groups(numbers, columns=list(names), use_threads=False).combine_chunks()
    batches = table.to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], table.schema)
