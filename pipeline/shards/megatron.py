"""Megatron-LM's indexed dataset: the tokens in `.bin`, the place of each sequence in `.idx`.

megatron-core's `IndexedDataset` reads them (megatron/core/datasets/indexed_dataset.py). Each of our sequences is one
document there. So `GPTDataset`, with our sequence length and `add_extra_token_to_sequence=False`, shuffles and splits
whole sequences, and each is one sample (tests/pipeline/shards/test_readers.py). If Megatron should pack documents
itself, use the format `megatron_documents`.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from massivetext.pipeline.shards.format import Shard, ShardError, ShardFormat, Tokens, content, mapped

MAGIC = b"MMIDIDX\x00\x00"
VERSION = 1
HEADER = struct.Struct("<QBQQ")  # version, code of the tokens' type, sequences, and documents with one more
CODES: dict[np.dtype[Any], int] = {
    np.dtype("<i4"): 4,
    np.dtype("<u2"): 8,
}  # the format has no unsigned 32 bits


def write(shard: Shard, path: Path) -> list[Path]:
    """Write path.bin and path.idx. 32-bit tokens are stored as signed: ids stay below 2³¹."""
    count, length = shard.tokens.shape
    return write_files(shard, path, np.full(count, length), np.arange(count) * length)


def write_files(
    shard: Shard, path: Path, lengths: npt.NDArray[np.int64], starts: npt.NDArray[np.int64]
) -> list[Path]:
    """Write a shard's tokens, and an index in which each start and number of tokens is a document."""
    tokens = _stored(shard.tokens)
    count = len(lengths)
    data, index = path.with_name(path.name + ".bin"), path.with_name(path.name + ".idx")
    tokens.tofile(data)
    with index.open("wb") as file:
        file.write(MAGIC)
        file.write(HEADER.pack(VERSION, CODES[tokens.dtype], count, count + 1))
        file.write(lengths.astype("<i4").tobytes())  # tokens of each sequence
        file.write((starts * tokens.itemsize).astype("<i8").tobytes())  # byte in .bin
        file.write(np.arange(count + 1, dtype="<i8").tobytes())  # first sequence of each document
    return [data, index]


def read(base: str) -> Tokens:
    """Read the tokens of base.bin. Raises ShardError unless base.idx points at all of them, in order, as sequences of
    one length."""
    tokens, lengths, starts = read_index(base)
    if len(set(lengths.tolist())) > 1 or lengths.sum() != len(tokens):
        raise ShardError("the lengths in its .idx are not those of sequences in its .bin")
    if not np.array_equal(starts, np.cumsum(lengths) - lengths):
        raise ShardError("its .idx does not point at the sequences")
    return tokens


def read_index(base: str) -> tuple[Tokens, Tokens, Tokens]:
    """Returns all tokens of base.bin, and the length and the start (in tokens) of each sequence in base.idx."""
    index, data = content(base + ".idx"), content(base + ".bin")
    dtype, count = _described(index)
    at = len(MAGIC) + HEADER.size
    lengths = np.frombuffer(index, "<i4", count, at).astype(np.int64)
    starts = np.frombuffer(index, "<i8", count, at + 4 * count)
    tokens = np.frombuffer(data, dtype)
    if (starts % tokens.itemsize).any():
        raise ShardError("its .idx does not point at the sequences")
    return tokens.astype(np.int64), lengths, starts // tokens.itemsize


def map_(base: str) -> np.ndarray:
    """Maps the tokens of base.bin."""
    dtype, _ = _described(content(base + ".idx"))
    return mapped(base + ".bin", f"<u{dtype.itemsize}")


def patch(_: str, shard: Shard, __: npt.NDArray[np.int64]) -> Iterator[tuple[str, list[Any]]]:
    """Makes the content of a new .bin. The .idx stays, since every sequence is as long as before."""
    yield ".bin", [_stored(shard.tokens)]


def _stored(tokens: np.ndarray) -> np.ndarray:
    return tokens.astype("<u2" if tokens.dtype == np.uint16 else "<i4", copy=False)


def _described(index: bytes) -> tuple[np.dtype[Any], int]:
    """Returns the type of the tokens, and the number of sequences, as an .idx tells them."""
    if index[: len(MAGIC)] != MAGIC:
        raise ShardError("its .idx does not start as Megatron's do")
    version, code, count, _ = HEADER.unpack_from(index, len(MAGIC))
    dtypes = {code: dtype for dtype, code in CODES.items()}
    if version != VERSION or code not in dtypes:
        raise ShardError(f"its .idx has version {version} and code {code}, which are not Megatron's")
    return dtypes[code], count


FORMAT = ShardFormat("megatron", write, read, map=map_, patch=patch)
