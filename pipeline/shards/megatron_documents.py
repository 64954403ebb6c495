"""Megatron-LM's indexed dataset with the boundaries of documents, for training in which Megatron packs documents.

In the format `megatron`, each of our sequences is one document: `GPTDataset` trains on them as they are, and its masks
see no ends of documents. Here each run of a document's tokens is a document: `GPTDataset` shuffles these, packs them
again, and can reset positions and attention at their ends. `.bin` is the same; `.idx` omits the padding. A document
that is longer than a sequence has several runs, and Megatron treats each as a document.
"""

from pathlib import Path

import numpy as np

from massivetext.pipeline.shards.flat import runs
from massivetext.pipeline.shards.format import Shard, ShardError, ShardFormat, Tokens
from massivetext.pipeline.shards.megatron import map_, read_index, write_files


def write(shard: Shard, path: Path) -> list[Path]:
    """Write path.bin and path.idx."""
    starts, ends = runs(shard)
    return write_files(shard, path, ends - starts, starts)


def read(base: str) -> Tokens:
    """Read the tokens of base.bin with the padding. Raises ShardError unless base.idx points at runs of them, in
    order."""
    tokens, lengths, starts = read_index(base)
    ends = starts + lengths
    if (starts[1:] < ends[:-1]).any() or ends.max(initial=0) > len(tokens):
        raise ShardError("its .idx does not point at the documents")
    return np.asarray(tokens, np.int64)


FORMAT = ShardFormat("megatron_documents", write, read, map=map_)
