"""Megatron-LM's indexed dataset with the boundaries of documents, for those who let Megatron pack.

In the format `megatron`, each of our sequences is one document, so that `GPTDataset` trains on them as they are, and
its own masks see no document end. Here each run of a document's tokens is a document: `GPTDataset` shuffles these,
packs them anew, and can reset positions and attention at their ends. `.bin` is the same; `.idx` leaves the padding out.
A document that is longer than a sequence stands in several runs, which Megatron takes for as many documents.
"""

from pathlib import Path

import numpy as np

from massivetext.pipeline.shards.flat import runs
from massivetext.pipeline.shards.format import Shard, ShardError, ShardFormat, Tokens
from massivetext.pipeline.shards.megatron import read_index, write_files


def write(shard: Shard, path: Path) -> list[Path]:
    """Write path.bin and path.idx."""
    starts, ends = runs(shard)
    return write_files(shard, path, ends - starts, starts)


def read(base: str) -> Tokens:
    """The tokens of base.bin, padding included, if base.idx points at runs of them, in order."""
    tokens, lengths, starts = read_index(base)
    ends = starts + lengths
    if (starts[1:] < ends[:-1]).any() or ends.max(initial=0) > len(tokens):
        raise ShardError("its .idx does not point at the documents")
    return np.asarray(tokens, np.int64)


FORMAT = ShardFormat("megatron_documents", write, read)
