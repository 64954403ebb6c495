"""Stretches of Parquet files: many documents at once without their text, which is fetched where it is needed."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from massivetext.pipeline.storage import files

DOCUMENTS = 16_384
"""Of a stretch, at least, but for a file's last: a call for each row group would cost more than its few rows."""

TEXT_BYTES = 16 << 20
"""Of text fetched at once, at least, but for a stretch's last."""


class Place(NamedTuple):
    """Where a document lies: a file within OUT, a row group of it, and a row of that."""

    path: str
    group: int
    row: int


@dataclass(frozen=True)
class Stretch:
    """Some columns of consecutive row groups of a file within OUT."""

    path: str
    columns: pa.RecordBatch
    first: int  # row group
    ends: npt.NDArray[np.int64]  # int64[row groups]: the row at which each ends
    file: pq.ParquetFile

    def place(self, row: int) -> Place:
        group = int(np.searchsorted(self.ends, row, side="right"))
        return Place(self.path, self.first + group, row - (int(self.ends[group - 1]) if group else 0))

    def texts(self, rows: npt.NDArray[np.int64]) -> Iterator[tuple[npt.NDArray[np.int64], pa.Array]]:
        """The texts of some ascending rows, some TEXT_BYTES at a time: those rows, and a string of each."""
        taken: list[pa.Array] = []
        begun = done = 0
        start = 0
        for number, end in enumerate(self.ends.tolist(), self.first):
            until = int(np.searchsorted(rows, end))
            if until > done:
                texts = _batch(self.file, [number], ["text"]).column("text")
                taken.append(texts.take(pa.array(rows[done:until] - start)))
            done, start = until, end
            if taken and (sum(array.nbytes for array in taken) >= TEXT_BYTES or done == len(rows)):
                yield rows[begun:done], pa.concat_arrays(taken)
                taken, begun = [], done

    def values(self, column: str) -> npt.NDArray[np.float64]:
        """A measurement of every row; NaN where it was not measured."""
        values: npt.NDArray[np.float64] = self.columns.column(column).to_numpy(zero_copy_only=False)
        return values.astype(np.float64)

    def removed_by(self) -> npt.NDArray[np.object_] | None:
        """The rule that removed each row; None in documents/, which holds no removed ones."""
        if "removed_by" not in self.columns.schema.names:
            return None
        names: npt.NDArray[np.object_] = self.columns.column("removed_by").to_numpy(zero_copy_only=False)
        return names


def stretches(out: str, path: str, columns: Sequence[str]) -> Iterator[Stretch]:
    """All of a file, one stretch at a time: the columns named, as far as the file has them."""
    with files.open_read(posixpath.join(out, path)) as stream, pq.ParquetFile(stream) as file:
        names = [name for name in file.schema_arrow.names if name in columns]
        sizes = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
        first = 0
        while first < len(sizes):
            ends = np.cumsum(sizes[first:])
            count = min(int(np.searchsorted(ends, DOCUMENTS)) + 1, len(ends))
            batch = _batch(file, range(first, first + count), names)
            yield Stretch(path, batch, first, ends[:count], file)
            first += count


def read_group(out: str, path: str, number: int, only: Sequence[str] = ()) -> pa.RecordBatch:
    """One row group: the columns named, as far as the file has them, or all."""
    with files.open_read(posixpath.join(out, path)) as stream, pq.ParquetFile(stream) as file:
        return _batch(file, [number], [name for name in file.schema_arrow.names if not only or name in only])


def _batch(file: pq.ParquetFile, numbers: Sequence[int], names: Sequence[str]) -> pa.RecordBatch:
    table = file.read_row_groups(numbers, columns=list(names), use_threads=False).combine_chunks()
    batches = table.to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], table.schema)
