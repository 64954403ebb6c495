"""LitData's chunks, on which LitGPT trains: the tokens of a shard as one item, and one index of all shards.

LitData's `StreamingDataset` reads them with `TokensLoader(block_size=...)` (litdata/streaming/item_loader.py). If the
block size is our sequence length, each block is one of our sequences. A chunk holds the number of items (uint32), the
start of each item and the end of the last (uint32), and the items.
"""

import json
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from massivetext.pipeline.shards.flat import as_tokens, little_endian, suffixed
from massivetext.pipeline.shards.format import Shard, ShardError, ShardFormat, Tokens, content
from massivetext.pipeline.storage import files

INDEX = "index.json"
HEADER = struct.Struct("<III")
_MOST = (1 << 32) - 1  # bytes of a chunk

# By the bytes of a token: the type, and its number in LitData's list of torch's types. Torch's uint32 is none of them.
TYPES = {2: ("uint16", 20), 4: ("int32", 15)}


def write(shard: Shard, path: Path) -> list[Path]:
    """Write path.uint16.bin or path.int32.bin. Raises ValueError if the shard is too large for the format."""
    tokens = little_endian(shard.tokens)
    end = HEADER.size + tokens.nbytes
    if end > _MOST:
        raise ValueError(f"a shard of {end:,} bytes is too large for LitData: lower mix.shard_tokens")
    file = suffixed(path, f".{TYPES[tokens.itemsize][0]}.bin")
    with file.open("wb") as stream:
        stream.write(HEADER.pack(1, HEADER.size, end))
        stream.write(tokens.tobytes())
    return [file]


def read(base: str) -> Tokens:
    """Read the tokens of the chunk. Raises ShardError unless its header points at all of them."""
    for width, (name, _) in TYPES.items():
        path = f"{base}.{name}.bin"
        if files.exists(path):
            data = content(path)
            if len(data) < HEADER.size or HEADER.unpack(data[: HEADER.size]) != (1, HEADER.size, len(data)):
                raise ShardError("its .bin does not start as LitData's chunks of one item do")
            return as_tokens(data[HEADER.size :], width, "bin")
    raise ShardError("its .bin is missing")


def index(shards: Iterable[tuple[str, int, BinaryIO]]) -> bytes:
    """Returns the content of INDEX for shards, given by file name, size in bytes and content."""
    chunks: list[dict[str, object]] = []
    number, largest = TYPES[4][1], 0
    for name, size, _ in shards:
        [(width, number)] = (
            (width, number) for width, (kind, number) in TYPES.items() if f".{kind}." in name
        )
        tokens = (size - HEADER.size) // width
        largest = max(largest, size)
        chunks.append({"chunk_bytes": size, "chunk_size": 1, "dim": tokens, "filename": name})
    config = {
        "chunk_bytes": largest,
        "chunk_size": None,
        "compression": None,
        "data_format": [f"no_header_tensor:{number}"],
        "data_spec": json.dumps([1, {"type": None, "context": None, "children_spec": []}]),
        "encryption": None,
        "item_loader": "TokensLoader",
    }
    return json.dumps({"chunks": chunks, "config": config, "updated_at": "0"}, sort_keys=True).encode()


FORMAT = ShardFormat("litdata", write, read, (INDEX, index))
