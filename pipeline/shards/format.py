"""What every shard format writes, and the one interface they share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.pipeline.storage import files


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

Tokens = npt.NDArray[np.int64]

Reader = Callable[[str], Tokens]
"""The tokens of a shard that was written to files named after a path, sequence after sequence.

Raises ShardError where a trainer could not read the files.
"""


class ShardError(Exception):
    """A shard that a trainer could not read; the message says why."""


@dataclass(frozen=True)
class ShardFormat:
    """A format that trainers read: one file of this folder declares it, writer and reader side by side.

    `name` is the format's name in `mix.formats`, and its folder in `shards/`. Where the format's readers need one file
    about all shards, `index` is that file's name and the function that makes its content.
    """

    name: str
    write: Writer
    read: Reader
    index: tuple[str, Indexer] | None = None


def content(path: str) -> bytes:
    """The bytes of one of a shard's files; raises ShardError where it is missing."""
    if not files.exists(path):
        raise ShardError(f"its .{path.rsplit('.', 1)[1]} is missing")
    return files.read_bytes(path)
