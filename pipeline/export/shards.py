"""The formats of exported documents. Each writes batches to a file."""

import contextlib
from collections.abc import Callable, Iterator
from typing import IO, Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

Write = Callable[[pa.RecordBatch], None]


@contextlib.contextmanager
def _json_lines(stream: IO[Any], _: pa.Schema) -> Iterator[Write]:
    with zstandard.ZstdCompressor(level=9).stream_writer(stream, closefd=False) as file:

        def write(batch: pa.RecordBatch) -> None:
            file.write(
                b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in batch.to_pylist())
            )

        yield write


@contextlib.contextmanager
def _parquet(stream: IO[Any], schema: pa.Schema) -> Iterator[Write]:
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        yield writer.write_batch


FORMATS: dict[str, Callable[[IO[Any], pa.Schema], contextlib.AbstractContextManager[Write]]] = {
    "jsonl.zst": _json_lines,
    "parquet": _parquet,
}
"""The formats, by the suffix of their files."""
