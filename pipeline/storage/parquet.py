"""Writes and reads Parquet. The same rows give the same bytes, and damaged files are errors."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.pipeline.storage import files, footer
from massivetext.pipeline.storage.memory import give_back
from massivetext.pipeline.storage.output import Output

_DICTIONARY = {
    "source",
    "language",
    "script",
    "licence",
    "charset",
    "charset_origin",
    "origin_file",
    "removed_by",
    "survivor_output",
    "kind",
    "test_set",
    "stage",
}

_LARGE = {"text", "tokens", "document_ids"}
"""The columns to compress with zstd. A row group has a few kilobytes of the others, not worth the start of zstd."""

_GREAT = 32 << 20  # bytes of a batch, which only a document of tens of megabytes makes


class TableWriter:
    """Writes one Parquet file of a part. It is opened at the first batch, so a part without rows writes no file."""

    def __init__(self, output: Output, path: str, schema: pa.Schema, stack: contextlib.ExitStack) -> None:
        self._output, self._path, self._schema, self._stack = output, path, schema, stack
        self._writer: Any = None

    def write(self, batch: pa.RecordBatch) -> None:
        """Append a batch as one row group."""
        if batch.num_rows == 0:
            return
        if self._writer is None:
            stream = self._stack.enter_context(self._output.file(self._path))
            names = [name for name in self._schema.names if name in _DICTIONARY]
            self._writer = self._stack.enter_context(
                footer.writer(
                    stream,
                    self._schema,
                    compression=_compression(self._schema),
                    use_dictionary=names or False,
                    column_encoding=_encoding(self._schema),
                    write_statistics=False,
                )
            )
        if batch.nbytes <= _GREAT:
            self._writer.write_batch(batch)
            return
        # A row lies in one page, and Arrow needs ten times its size. So first give back what nobody uses, and then end
        # the row group, so that nothing waits for the next one.
        give_back()
        self._writer.write_table(pa.Table.from_batches([batch]))
        give_back()


def _compression(schema: pa.Schema) -> dict[str, str]:
    """Returns the codec of each column, by its path in the file."""
    return {_path(field): "zstd" if field.name in _LARGE else "snappy" for field in schema}


def _encoding(schema: pa.Schema) -> dict[str, str] | None:
    """Returns the encoding of tokens, with all first bytes before all second ones: this is smaller, and faster to
    compress."""
    lists = [field for field in schema if field.name == "tokens" and pa.types.is_list(field.type)]
    return {_path(field): "BYTE_STREAM_SPLIT" for field in lists} or None


def _path(field: pa.Field) -> str:
    return f"{field.name}.list.element" if pa.types.is_list(field.type) else f"{field.name}"


@contextlib.contextmanager
def writers(output: Output, tables: dict[str, pa.Schema]) -> Iterator[list[TableWriter]]:
    """Yields writers for several files of one part. When the block ends, all files exist; after an error, none does."""
    with contextlib.ExitStack() as stack:
        yield [TableWriter(output, path, schema, stack) for path, schema in tables.items()]


def batches(path: str, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """Yields the row groups of a file, one at a time."""
    with footer.opened(path) as parquet:
        for group in range(parquet.num_row_groups):
            read = (
                parquet.read_row_group(group, columns=columns and list(columns)).combine_chunks().to_batches()
            )
            while read:
                yield read.pop(0)  # only the caller keeps it


def rows(path: str, columns: Sequence[str], chosen: npt.NDArray[np.int64]) -> Iterator[pa.RecordBatch]:
    """Yields some rows, given in ascending order. Row groups without any of them are not read."""
    with footer.opened(path) as parquet:
        first = 0
        for group in range(parquet.num_row_groups):
            size = parquet.metadata.row_group(group).num_rows
            start, end = np.searchsorted(chosen, (first, first + size))
            if end > start:
                table = parquet.read_row_group(group, columns=list(columns))
                if end - start < size:
                    table = table.take(pa.array(chosen[start:end] - first))
                read = table.combine_chunks().to_batches()
                del table
                while read:
                    yield read.pop(0)
            first += size


def read(path: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a whole file. Use it only for small ones, with ids, hashes and pointers, never for texts."""
    with footer.opened(path) as parquet:
        return parquet.read(columns=columns and list(columns))


def count(path: str) -> int:
    """Returns the number of rows of a file; 0 if it does not exist."""
    if not files.exists(path):
        return 0
    with footer.opened(path) as parquet:
        return int(parquet.metadata.num_rows)
