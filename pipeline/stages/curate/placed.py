"""Places a part's documents in its file: first those that the rules keep, then those that they remove.

The two kinds have separate row groups, so a reader of kept texts reads only the front of the file. A change of limits
moves no document; some row groups then hold both kinds, and more of them must be read.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from typing import IO, Any

import pyarrow as pa

from massivetext.filters.families.family import Mask
from massivetext.pipeline.storage.parquet import TableWriter

ROWS = 1000  # the most rows of a row group
BYTES = 4 << 20  # the most bytes of text in a row group
_HELD_BYTES = 32 << 20  # removed documents (compressed) up to so many bytes wait in memory, more in a file


class Placed:
    """Writes a part's documents: kept ones at once, removed ones when the block of `placed` ends."""

    def __init__(self, writer: TableWriter, held: IO[Any]) -> None:
        self._kept = _Groups(writer)
        self._removed = _Groups(writer)
        self._held = held
        self._stream: pa.ipc.RecordBatchStreamWriter | None = None

    def write(self, batch: pa.RecordBatch, is_removed: Mask) -> None:
        """Write the kept documents of a batch, and hold the removed ones."""
        self._kept.write(batch.filter(pa.array(~is_removed)))
        if is_removed.any():
            self._hold(batch.filter(pa.array(is_removed)))

    def _hold(self, batch: pa.RecordBatch) -> None:
        if self._stream is None:
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            self._stream = pa.ipc.new_stream(self._held, batch.schema, options=options)
        self._stream.write_batch(batch)

    def finish(self) -> None:
        """Write all documents that are still held."""
        self._kept.finish()
        if self._stream is not None:
            self._stream.close()
            self._held.seek(0)
            for batch in pa.ipc.open_stream(self._held):
                self._removed.write(batch)
        self._removed.finish()


class _Groups:
    """Collects small batches into row groups."""

    def __init__(self, writer: TableWriter) -> None:
        self._writer = writer
        self._batches: list[pa.RecordBatch] = []

    def write(self, batch: pa.RecordBatch) -> None:
        if batch.num_rows == 0:
            return
        if self._batches and self._is_full(batch):
            self.finish()
        self._batches.append(batch)

    def _is_full(self, batch: pa.RecordBatch) -> bool:
        every = [*self._batches, batch]
        return sum(map(len, every)) > ROWS or sum(one.column("text").nbytes for one in every) > BYTES

    def finish(self) -> None:
        if self._batches:
            self._writer.write(pa.concat_batches(self._batches))
            self._batches = []


@contextlib.contextmanager
def placed(writer: TableWriter) -> Iterator[Placed]:
    """Yields a Placed for the file of `writer`. When the block ends, the removed documents are written."""
    with tempfile.SpooledTemporaryFile(max_size=_HELD_BYTES) as held:
        one = Placed(writer, held)
        yield one
        one.finish()
