"""Shards read back, in each format, as one array of tokens."""

import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from pipeline import files, parquet
from pipeline.shards import FORMATS, megatron

Tokens = npt.NDArray[np.int64]


class ShardError(Exception):
    """A shard that a trainer could not read; the message says why."""


def read_megatron(base: str) -> Tokens:
    """The tokens of base.bin, if base.idx points at all of them as sequences of one length, in order."""
    index, data = _bytes(base + ".idx"), _bytes(base + ".bin")
    magic = megatron.MAGIC
    if index[: len(magic)] != magic:
        raise ShardError("its .idx does not start as Megatron's do")
    version, code, count, _ = struct.unpack_from("<QBQQ", index, len(magic))
    dtypes: dict[int, Any] = {code: dtype for dtype, code in megatron.CODES.items()}
    if version != megatron.VERSION or code not in dtypes:
        raise ShardError(f"its .idx has version {version} and code {code}, which are not Megatron's")
    at = len(magic) + struct.calcsize("<QBQQ")
    lengths = np.frombuffer(index, "<i4", count, at).astype(np.int64)
    starts = np.frombuffer(index, "<i8", count, at + 4 * count)
    tokens = np.frombuffer(data, dtypes[code])
    if len(set(lengths.tolist())) > 1 or lengths.sum() != len(tokens):
        raise ShardError("the lengths in its .idx are not those of sequences in its .bin")
    if not np.array_equal(starts, (np.cumsum(lengths) - lengths) * tokens.itemsize):
        raise ShardError("its .idx does not point at the sequences")
    return tokens.astype(np.int64)


def read_parquet(base: str) -> Tokens:
    """The input_ids of base.parquet."""
    if not files.exists(base + ".parquet"):
        raise ShardError("its .parquet is missing")
    column = parquet.read(base + ".parquet", ["input_ids"]).column("input_ids")
    if len(set(pc.list_value_length(column).to_pylist())) > 1:
        raise ShardError("its sequences differ in length")
    blocks = [chunk.flatten().to_numpy().astype(np.int64) for chunk in column.chunks]
    return np.concatenate([np.empty(0, np.int64), *blocks])


def _bytes(path: str) -> bytes:
    if not files.exists(path):
        raise ShardError(f"its .{path.rsplit('.', 1)[1]} is missing")
    return files.read_bytes(path)


READERS: dict[str, Callable[[str], Tokens]] = {"megatron": read_megatron, "parquet": read_parquet}
assert READERS.keys() == FORMATS.keys(), "every format can be read back"
