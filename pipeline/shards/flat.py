"""Shared by formats with one flat array of tokens: writes sequences end to end, and finds the ends of documents."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from massivetext.pipeline.shards.format import Shard, ShardError, Tokens, content, mapped
from massivetext.pipeline.storage import files

DTYPES = ("uint16", "uint32")


def write_flat(tokens: np.ndarray, path: Path, suffix: str) -> Path:
    """Write only the tokens, to path.uint16.suffix or path.uint32.suffix. Nothing but the name says their width."""
    file = suffixed(path, f".{tokens.dtype.name}.{suffix}")
    little_endian(tokens).tofile(file)
    return file


def read_flat(base: str, suffix: str) -> Tokens:
    """Read the tokens that write_flat wrote."""
    path, dtype = _flat(base, suffix)
    return as_tokens(content(path), dtype.itemsize, suffix)


def map_flat(base: str, suffix: str) -> np.ndarray:
    """Maps the tokens that write_flat wrote."""
    return mapped(*_flat(base, suffix))


def _flat(base: str, suffix: str) -> tuple[str, np.dtype[Any]]:
    """Returns the path and the type of the tokens that write_flat wrote."""
    for dtype in DTYPES:
        path = f"{base}.{dtype}.{suffix}"
        if files.exists(path):
            return path, np.dtype(dtype)
    raise ShardError(f"its .{suffix} is missing")


def as_tokens(data: bytes, width: int, suffix: str) -> Tokens:
    """Returns bytes as tokens of `width` 2 or 4. Raises ShardError if their number does not fit."""
    if width not in (2, 4) or len(data) % width:
        raise ShardError(f"its .{suffix} does not hold tokens of {width} bytes")
    return np.frombuffer(data, f"<u{width}").astype(np.int64)


def little_endian(tokens: np.ndarray) -> np.ndarray:
    """Returns the tokens as little-endian, contiguous bytes. It copies them only if they are not so already."""
    return np.ascontiguousarray(tokens, tokens.dtype.newbyteorder("<"))


def suffixed(path: Path, suffix: str) -> Path:
    """A file named after a shard."""
    return path.with_name(path.name + suffix)


def runs(shard: Shard) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Returns the start and the end of each run of a document's tokens in the flat array. Padding is in no run."""
    lengths = shard.document_lengths.flatten().to_numpy().astype(np.int64)
    number = runs_of_sequences(shard)
    row = np.repeat(np.arange(len(number)), number)
    before = np.cumsum(lengths) - lengths  # tokens in all runs before; less those in earlier sequences:
    first = np.concatenate([[0], np.cumsum(number)])[row]
    starts = row * shard.tokens.shape[1] + before - before[first]
    return starts, starts + lengths


def runs_of_sequences(shard: Shard) -> npt.NDArray[np.int64]:
    """Returns the number of runs in each sequence."""
    number: npt.NDArray[np.int64] = np.diff(shard.document_lengths.offsets.to_numpy()).astype(np.int64)
    return number
