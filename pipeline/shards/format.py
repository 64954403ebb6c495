"""What every shard format writes, and the one interface they share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa


@dataclass(frozen=True)
class Shard:
    """Sequences of one length, ready for training, padded at their ends where no document fills them."""

    tokens: np.ndarray  # uint16 or uint32 [sequences, sequence_length]
    document_lengths: pa.ListArray  # list<int32>[sequences]: tokens of each run of one document, in order
    sources: pa.StringArray  # [sequences]

    def __post_init__(self) -> None:
        if not len(self.tokens) == len(self.document_lengths) == len(self.sources):
            raise ValueError(
                f"a shard of {len(self.tokens)} sequences has {len(self.document_lengths)} lists of lengths "
                f"and {len(self.sources)} sources"
            )


Writer = Callable[[Shard, Path], list[Path]]
"""Writes a shard to files named after the path, with suffixes of the format's own, and returns them. The
same shard gives the same bytes. The files are written whole; temporary names are the caller's affair."""

Indexer = Callable[[Iterable[tuple[str, int, BinaryIO]]], bytes]
"""The content of a file about all shards, from the name, size in bytes and content of each one's file."""
