"""Shards read back, in each format, as one array of tokens."""

import struct
import tempfile
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow.compute as pc

from massivetext.pipeline.shards import FORMATS, megatron
from massivetext.pipeline.storage import files, parquet
from massivetext.pipeline.storage.protobuf import fields, message

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


def read_mds(base: str) -> Tokens:
    """The column `tokens` of base.mds."""
    data = _bytes(base + ".mds")
    count = int(np.frombuffer(data, "<u4", 1)[0])
    ends = np.frombuffer(data, "<u4", count + 1, 4).astype(np.int64)
    if ends[-1] != len(data):
        raise ShardError("its .mds does not end where its last sample does")
    columns = orjson.loads(data[4 * (count + 2) : ends[0]])
    encoding, size = columns["column_encodings"][-1], columns["column_sizes"][-1]
    dtype = np.dtype(encoding.split(":")[1])
    if columns["column_names"][-1] != "tokens" or np.diff(ends).min(initial=size) < size:
        raise ShardError("the samples of its .mds do not end with tokens")
    blocks = [np.frombuffer(data, dtype, size // dtype.itemsize, end - size) for end in ends[1:]]
    return np.concatenate([np.empty(0, np.int64), *blocks])


def read_array_record(base: str) -> Tokens:
    """The feature `input_ids` of the examples of base.array_record."""
    from array_record.python.array_record_module import ArrayRecordReader

    with tempfile.NamedTemporaryFile() as local:  # its reader opens local files only
        local.write(_bytes(base + ".array_record"))
        local.flush()
        reader = ArrayRecordReader(local.name)
        blocks = [_input_ids(record) for record in reader.read_all()]
        reader.close()
    return np.concatenate([np.empty(0, np.int64), *blocks])


def _input_ids(example: bytes) -> Tokens:
    """A feature of a tf.train.Example: it stands in a map, as a list that holds packed varints."""
    for _, entry in fields(_only(example)):
        name, feature = (value for _, value in fields(message(entry)))
        if name == b"input_ids":
            return _varints(_only(_only(message(feature))))
    raise ShardError("an example of its .array_record has no input_ids")


def _only(content: bytes) -> bytes:
    [(_, value)] = fields(content)
    return message(value)


def _varints(data: bytes) -> Tokens:
    digits = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(digits < 0x80)
    begins = np.concatenate([[0], ends[:-1] + 1])
    place = np.arange(len(digits)) - np.repeat(begins, ends - begins + 1)
    return np.add.reduceat((digits & 0x7F).astype(np.int64) << 7 * place, begins)


def _bytes(path: str) -> bytes:
    if not files.exists(path):
        raise ShardError(f"its .{path.rsplit('.', 1)[1]} is missing")
    return files.read_bytes(path)


READERS: dict[str, Callable[[str], Tokens]] = {
    "array_record": read_array_record,
    "mds": read_mds,
    "megatron": read_megatron,
    "parquet": read_parquet,
}
assert READERS.keys() == FORMATS.keys(), "every format can be read back"
