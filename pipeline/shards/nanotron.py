"""datatrove's tokenized files, on which nanotron trains: tokens in `.ds`, the ends of documents in `.ds.index`.

datatrove's `DatatroveFileDataset` reads them (datatrove/utils/dataset.py), in windows of `seq_len + 1` tokens. If
`seq_len` is one less than our sequence length, each window is one of our sequences.
"""

from pathlib import Path

import numpy as np

from massivetext.pipeline.shards.flat import as_tokens, little_endian, runs, suffixed
from massivetext.pipeline.shards.format import Shard, ShardError, ShardFormat, Tokens, content


def write(shard: Shard, path: Path) -> list[Path]:
    """Write path.ds; path.ds.index with the end of each run of a document and of the padding after it (uint64); and
    path.ds.metadata with the bytes of a token and the number of tokens."""
    data, index, metadata = (suffixed(path, suffix) for suffix in (".ds", ".ds.index", ".ds.metadata"))
    little_endian(shard.tokens).tofile(data)
    sequences, length = shard.tokens.shape
    np.union1d(runs(shard)[1], np.arange(1, sequences + 1) * length).astype("<u8").tofile(index)
    metadata.write_text(f"massivetext|{shard.tokens.itemsize}\n{shard.tokens.size}\n{shard.tokens.size:,} T")
    return [data, index, metadata]


def read(base: str) -> Tokens:
    """Read the tokens of base.ds. Raises ShardError unless base.ds.index ends at their end."""
    described = content(base + ".ds.metadata").decode().splitlines()
    try:
        width, count = int(described[0].rpartition("|")[2]), int(described[1])
    except (IndexError, ValueError) as error:
        raise ShardError("its .ds.metadata does not tell the size and the number of its tokens") from error
    tokens = as_tokens(content(base + ".ds"), width, "ds")
    ends = np.frombuffer(content(base + ".ds.index"), "<u8").astype(np.int64)
    if len(tokens) != count or (np.diff(ends) <= 0).any() or ends.max(initial=0) != len(tokens):
        raise ShardError("its .ds.index does not say where the documents in its .ds end")
    return tokens


FORMAT = ShardFormat("nanotron", write, read)
