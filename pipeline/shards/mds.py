"""MosaicML's MDS: one sample for each sequence, and one index of all shards, for `mosaicml-streaming`.

Its `StreamingDataset` reads them (streaming/base/format/mds, version 2 of the format). A shard holds the number of
samples (uint32), the start of each (uint32[samples + 1]), the columns as JSON, and the samples. A sample holds the
size of each column that varies (uint32), then the values of the columns by name. This module writes the format
itself, since the library needs torch and the client of every cloud.
"""

import json
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from massivetext.pipeline.shards.format import Shard, ShardError, ShardFormat, Tokens, content

INDEX = "index.json"
_MOST = (1 << 32) - 1  # bytes of a shard
_SHAPES = ((1 << 8, 0, "<B"), (1 << 16, 1, "<H"), (1 << 32, 2, "<I"))  # least too long, code, number


def write(shard: Shard, path: Path) -> list[Path]:
    """Write path.mds with the columns tokens (ndarray of uint16 or uint32, padding included),
    document_lengths (ndarray of int32, without padding) and source (str).

    Raises ValueError if the shard is too large for the format's 32-bit offsets.
    """
    columns, heads = _columns(shard), list(_heads(shard))
    tokens = shard.tokens.astype(shard.tokens.dtype.newbyteorder("<"), copy=False)
    begin = 4 + 4 * (len(heads) + 1) + len(columns)
    ends = begin + np.cumsum([0, *(len(head) + tokens[0].nbytes for head in heads)])
    if ends[-1] > _MOST:
        raise ValueError(f"a shard of {ends[-1]:,} bytes is too large for MDS: lower mix.shard_tokens")
    file = path.with_name(path.name + ".mds")
    with file.open("wb") as stream:
        stream.write(struct.pack("<I", len(heads)))
        stream.write(ends.astype("<u4").tobytes())
        stream.write(columns)
        for head, row in zip(heads, tokens, strict=True):
            stream.write(head)
            stream.write(row.tobytes())
    return [file]


def index(shards: Iterable[tuple[str, int, BinaryIO]]) -> bytes:
    """Returns the content of INDEX for shards, given by file name, size in bytes and content. Omits empty shards."""
    entries = []
    for name, size, stream in shards:
        (samples,) = struct.unpack("<I", stream.read(4))
        begin = struct.unpack("<I", stream.read(4))[0]
        stream.seek(4 * samples, 1)
        columns: dict[str, Any] = json.loads(stream.read(begin - 4 * (samples + 2)))
        file = {"basename": name, "bytes": size, "hashes": {}}
        if samples:
            entries.append({"samples": samples, "raw_data": file, "zip_data": None, **columns})
    return json.dumps({"version": 2, "shards": entries}, sort_keys=True).encode()


def _columns(shard: Shard) -> bytes:
    length, dtype = shard.tokens.shape[1], shard.tokens.dtype
    columns = {
        "column_names": ["document_lengths", "source", "tokens"],
        "column_encodings": ["ndarray:int32", "str", f"ndarray:{dtype.name}:{length}"],
        "column_sizes": [None, None, length * dtype.itemsize],
        "compression": None,
        "format": "mds",
        "hashes": [],
        "size_limit": None,
        "version": 2,
    }
    return json.dumps(columns, sort_keys=True).encode()


def _heads(shard: Shard) -> Iterator[bytes]:
    """Yields each sample without its last column, the tokens."""
    offsets = shard.document_lengths.offsets.to_numpy()
    lengths = shard.document_lengths.values.to_numpy().astype("<i4", copy=False)
    for row, source in enumerate(shard.sources.to_pylist()):
        runs, name = _array(lengths[offsets[row] : offsets[row + 1]]), source.encode()
        yield struct.pack("<II", len(runs), len(name)) + runs + name


def _array(values: np.ndarray) -> bytes:
    """Encodes an array of one dimension and a known type: a byte for the number of dimensions and the width of the
    length, then length and values."""
    code, number = next((code, number) for most, code, number in _SHAPES if len(values) < most)
    return bytes([1 << 2 | code]) + struct.pack(number, len(values)) + values.tobytes()


def read(base: str) -> Tokens:
    """Read the column `tokens` of base.mds."""
    data = content(base + ".mds")
    count = int(np.frombuffer(data, "<u4", 1)[0])
    ends = np.frombuffer(data, "<u4", count + 1, 4).astype(np.int64)
    if ends[-1] != len(data):
        raise ShardError("its .mds does not end where its last sample does")
    columns = json.loads(data[4 * (count + 2) : ends[0]])
    encoding, size = columns["column_encodings"][-1], columns["column_sizes"][-1]
    dtype = np.dtype(encoding.split(":")[1])
    if columns["column_names"][-1] != "tokens" or np.diff(ends).min(initial=size) < size:
        raise ShardError("the samples of its .mds do not end with tokens")
    blocks = [np.frombuffer(data, dtype, size // dtype.itemsize, end - size) for end in ends[1:]]
    return np.concatenate([np.empty(0, np.int64), *blocks])


FORMAT = ShardFormat("mds", write, read, (INDEX, index))
