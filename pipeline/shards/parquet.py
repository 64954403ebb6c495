"""Parquet: one row for each sequence, for Hugging Face `datasets` and anything else that reads Arrow."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from massivetext.pipeline.shards.format import Shard, ShardError, ShardFormat, Tokens, mapped
from massivetext.pipeline.shards.parquet_patch import patched
from massivetext.pipeline.storage import files
from massivetext.pipeline.storage import parquet as tables

GROUP_TOKENS = 1 << 20  # rows of a row group, which a reader must decode to reach one sequence
_PAGE_BYTES = 1 << 17  # of a page, which is compressed anew if one of its sequences changes


def write(shard: Shard, path: Path) -> list[Path]:
    """Write path.parquet: input_ids (list<uint16 or uint32>, padding included), document_lengths
    (list<int32>, without padding) and source."""
    count, length = shard.tokens.shape
    offsets = pa.array(np.arange(count + 1) * length, pa.int32())
    ids = pa.ListArray.from_arrays(offsets, pa.array(shard.tokens.reshape(-1)))
    table = pa.table({"input_ids": ids, "document_lengths": shard.document_lengths, "source": shard.sources})
    file = path.with_name(path.name + ".parquet")
    _write(table, length, file)
    return [file]


def patch(base: str, shard: Shard, rows: npt.NDArray[np.int64]) -> Iterator[tuple[str, Iterator[Any]]]:
    """Makes the content of a new base.parquet. `rows` have other tokens."""
    lengths = io.BytesIO()
    _write(pa.table({"document_lengths": shard.document_lengths}), shard.tokens.shape[1], lengths)
    old = mapped(base + ".parquet", np.uint8).data
    yield ".parquet", patched(old, lengths.getvalue(), rows, np.asarray(shard.tokens[rows]))


def _write(table: pa.Table, length: int, file: Path | BinaryIO) -> None:
    pq.write_table(
        table,
        file,
        compression="zstd",
        row_group_size=max(1, GROUP_TOKENS // max(1, length)),
        use_dictionary=["source"],
        write_statistics=False,
        data_page_size=_PAGE_BYTES,
    )


def read(base: str) -> Tokens:
    """Read the input_ids of base.parquet."""
    if not files.exists(base + ".parquet"):
        raise ShardError("its .parquet is missing")
    column = tables.read(base + ".parquet", ["input_ids"]).column("input_ids")
    if len(set(pc.list_value_length(column).to_pylist())) > 1:
        raise ShardError("its sequences differ in length")
    blocks = [chunk.flatten().to_numpy().astype(np.int64) for chunk in column.chunks]
    return np.concatenate([np.empty(0, np.int64), *blocks])


FORMAT = ShardFormat("parquet", write, read, patch=patch)
