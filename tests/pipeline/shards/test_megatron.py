"""`.bin` and `.idx`, read back by the format's definition with none of our code.

megatron-core's own reader needs torch, which is no dependency of these tests: see test_readers.py.
"""

import hashlib
import struct
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from massivetext.pipeline.shards.format import Shard
from massivetext.pipeline.shards.megatron import write

DTYPES = {1: "u1", 2: "i1", 3: "<i2", 4: "<i4", 5: "<i8", 6: "<f8", 7: "<f4", 8: "<u2"}


def read(stem: Path) -> tuple[list[np.ndarray], list[int]]:
    """Sequences and document boundaries, as megatron/core/datasets/indexed_dataset.py documents them."""
    index, data = Path(f"{stem}.idx").read_bytes(), Path(f"{stem}.bin").read_bytes()
    assert index[:9] == b"MMIDIDX\x00\x00"
    (version,) = struct.unpack_from("<Q", index, 9)
    assert version == 1
    dtype = np.dtype(DTYPES[index[17]])
    sequences, documents = struct.unpack_from("<QQ", index, 18)
    lengths = np.frombuffer(index, "<i4", sequences, 34)
    pointers = np.frombuffer(index, "<i8", sequences, 34 + 4 * sequences)
    boundaries = np.frombuffer(index, "<i8", documents, 34 + 12 * sequences)
    assert len(index) == 34 + 12 * sequences + 8 * documents, "bytes after the last boundary"
    assert len(data) == dtype.itemsize * int(lengths.sum()), "bytes after the last sequence"
    read = [np.frombuffer(data, dtype, n, at) for n, at in zip(lengths, pointers, strict=True)]
    return read, boundaries.tolist()


def shard(tokens: np.ndarray) -> Shard:
    lengths = pa.array([[tokens.shape[1]]] * len(tokens), pa.list_(pa.int32()))
    return Shard(tokens, lengths, pa.array(["web"] * len(tokens), pa.string()))


@pytest.mark.parametrize(("dtype", "highest"), [(np.uint16, 65535), (np.uint32, 250_000)])
def test_sequences_come_back(tmp_path: Path, dtype: type, highest: int) -> None:
    tokens = np.random.default_rng(1).integers(0, highest + 1, (7, 33)).astype(dtype)
    tokens[0, 0] = highest
    files = write(shard(tokens), tmp_path / "shard-00000")
    assert files == [tmp_path / "shard-00000.bin", tmp_path / "shard-00000.idx"]
    sequences, boundaries = read(tmp_path / "shard-00000")
    np.testing.assert_array_equal(sequences, tokens)
    assert boundaries == list(range(8))


def test_a_shard_may_be_empty(tmp_path: Path) -> None:
    write(shard(np.empty((0, 8), np.uint16)), tmp_path / "empty")
    assert read(tmp_path / "empty") == ([], [0])


def test_the_bytes_are_those_of_megatrons_own_builder(tmp_path: Path) -> None:
    """Digests of the files that megatron-core 0.16.1's IndexedDatasetBuilder wrote of these sequences."""
    files = write(shard(np.arange(24, dtype=np.uint16).reshape(3, 8)), tmp_path / "x")
    digests = [hashlib.sha256(file.read_bytes()).hexdigest()[:16] for file in files]
    assert digests == ["e88624bf274aff4f", "edc2f6305aab9531"]


def test_tokens_that_are_views_are_written_in_order(tmp_path: Path) -> None:
    tokens = np.arange(64, dtype=np.uint16).reshape(4, 16)[:, ::2]
    write(shard(tokens), tmp_path / "x")
    np.testing.assert_array_equal(read(tmp_path / "x")[0], tokens)
