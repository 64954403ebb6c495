"""Row groups of Parquet files, read without their text, which is fetched only where it is needed."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import files


@dataclass(frozen=True)
class RowGroup:
    """Some columns of one row group of a file within OUT."""

    path: str
    number: int
    columns: pa.RecordBatch
    file: pq.ParquetFile

    @cached_property
    def texts(self) -> pa.Array:
        """The text of every row, read when it is first asked for."""
        return _batch(self.file, self.number, ["text"]).column("text")

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


def row_groups(out: str, path: str, only: Sequence[str] = ()) -> Iterator[RowGroup]:
    """The row groups of a file, one at a time: the columns named, or all but the text."""
    with files.open_read(posixpath.join(out, path)) as stream, pq.ParquetFile(stream) as file:
        names = only or [name for name in file.schema_arrow.names if name != "text"]
        for number in range(file.num_row_groups):
            yield RowGroup(path, number, _batch(file, number, names), file)


def read_group(out: str, path: str, number: int, only: Sequence[str] = ()) -> pa.RecordBatch:
    """One row group: the columns named, as far as the file has them, or all."""
    with files.open_read(posixpath.join(out, path)) as stream, pq.ParquetFile(stream) as file:
        return _batch(file, number, [name for name in file.schema_arrow.names if not only or name in only])


def _batch(file: pq.ParquetFile, number: int, names: Sequence[str]) -> pa.RecordBatch:
    table = file.read_row_group(number, columns=list(names), use_threads=False).combine_chunks()
    batches = table.to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], table.schema)
