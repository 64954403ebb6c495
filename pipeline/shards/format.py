"""The interface of shard formats, and the shard that they write."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.pipeline.storage import files


@dataclass(frozen=True)
class Shard:
    """Sequences of one length, ready for training. Padding fills a sequence that documents do not fill."""

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
"""Writes a shard to files named by the path and the format's own suffixes, and returns them. The same shard gives the
same bytes. The caller gives a temporary path, and renames the files."""

Indexer = Callable[[Iterable[tuple[str, int, BinaryIO]]], bytes]
"""Makes the content of a file about all shards, from the name, size in bytes and content of each shard's file."""

Tokens = npt.NDArray[np.int64]

Reader = Callable[[str], Tokens]
"""Reads the tokens of a shard, sequence after sequence, from the files named by a path.

Raises ShardError if a trainer could not read the files.
"""


class ShardError(Exception):
    """A trainer could not read a shard. The message says why."""


Map = Callable[[str], np.ndarray]
"""Returns the tokens in the files named by a path, flat, as a map of the file. A change reaches only the map, and not
the file."""

Patch = Callable[[str, Shard, npt.NDArray[np.int64]], Iterator[tuple[str, Iterable[Any]]]]
"""Does what a Writer does, for less work: the files named by the path hold the shard as it was, and only the sequences
with these numbers, which ascend, have other tokens.

Yields the suffix and the content, in pieces, of each file that changes: the bytes that the Writer would write."""


@dataclass(frozen=True)
class ShardFormat:
    """A format that trainers read: one file of this folder declares it, writer and reader side by side.

    `name` is the format's name in `mix.formats`, and its folder in `shards/`. If the format's readers need one file
    about all shards, `index` is the name of that file and the function that makes its content. `map` and `patch` save
    work when documents are withdrawn.
    """

    name: str
    write: Writer
    read: Reader
    index: tuple[str, Indexer] | None = None
    map: Map | None = None
    patch: Patch | None = None


def mapped(path: str, dtype: npt.DTypeLike, offset: int = 0) -> np.ndarray:
    """Returns the tokens that fill a file from a byte on, as a map. An object of a store is read whole."""
    if files.is_remote(path):
        return np.frombuffer(bytearray(files.read_bytes(path)), dtype, offset=offset)
    return np.memmap(path, dtype, "c", offset)


def content(path: str) -> bytes:
    """Returns the bytes of one of a shard's files. Raises ShardError if it is missing."""
    if not files.exists(path):
        raise ShardError(f"its .{path.rsplit('.', 1)[1]} is missing")
    return files.read_bytes(path)
