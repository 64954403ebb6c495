"""Parquet shards as Arrow readers see them."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.shards.format import Shard
from massivetext.pipeline.shards.parquet import GROUP_TOKENS, patch, write


def shard(tokens: np.ndarray) -> Shard:
    count, length = tokens.shape
    lengths = pa.array([[length - 3, 2] if i % 2 else [length] for i in range(count)], pa.list_(pa.int32()))
    return Shard(tokens, lengths, pa.array([f"source {i % 3}" for i in range(count)], pa.string()))


@pytest.mark.parametrize("dtype", [np.uint16, np.uint32])
def test_rows_come_back(tmp_path: Path, dtype: type) -> None:
    tokens = np.random.default_rng(1).integers(0, 60_000, (9, 33)).astype(dtype)
    given = shard(tokens)
    (file,) = write(given, tmp_path / "shard-00000")
    assert file == tmp_path / "shard-00000.parquet"
    table = pq.read_table(file)
    assert table["input_ids"].type.value_type == pa.from_numpy_dtype(dtype)
    assert table["input_ids"].to_pylist() == tokens.tolist()
    assert table["document_lengths"].to_pylist() == given.document_lengths.to_pylist()
    assert table["source"].to_pylist() == given.sources.to_pylist()


def test_one_sequence_can_be_read_without_the_rest(tmp_path: Path) -> None:
    tokens = np.zeros((2100, 2048), np.uint16)
    (file,) = write(shard(tokens), tmp_path / "x")
    groups = pq.ParquetFile(file).metadata
    assert groups.num_row_groups == -(-2100 * 2048 // GROUP_TOKENS)


def test_the_same_shard_gives_the_same_bytes(tmp_path: Path) -> None:
    tokens = np.arange(240, dtype=np.uint16).reshape(10, 24)
    first, second = write(shard(tokens), tmp_path / "a"), write(shard(tokens.copy()), tmp_path / "b")
    assert first[0].read_bytes() == second[0].read_bytes()


def test_a_shard_may_be_empty(tmp_path: Path) -> None:
    (file,) = write(shard(np.empty((0, 8), np.uint16)), tmp_path / "empty")
    assert pq.read_table(file).num_rows == 0


@pytest.mark.parametrize(
    ("count", "length", "dtype"),
    [(1500, 2048, np.uint16), (2500, 1000, np.uint32), (50, 3, np.uint16), (7, 300_000, np.uint16)],
    ids=["pages of whole sequences", "pages that cut sequences", "one page", "sequences of two pages"],
)
def test_a_patched_file_has_the_bytes_of_one_that_is_written(
    tmp_path: Path, count: int, length: int, dtype: type
) -> None:
    chance = np.random.default_rng(7)
    old = shard(chance.integers(0, 32_000, (count, length)).astype(dtype))
    rows = np.unique([0, *chance.integers(0, count, 3)])
    tokens, lengths = old.tokens.copy(), old.document_lengths.to_pylist()
    for row in rows:
        tokens[row] = chance.integers(0, 32_000, length)
        lengths[row] = [1] * min(length, 5)
    new = Shard(tokens, pa.array(lengths, pa.list_(pa.int32())), old.sources)
    write(old, tmp_path / "old")
    [expected] = write(new, tmp_path / "new")
    [(suffix, pieces)] = patch(str(tmp_path / "old"), new, rows)
    assert suffix == ".parquet"
    assert b"".join(pieces) == expected.read_bytes()
    assert pq.read_table(expected)["input_ids"].to_pylist()[rows[-1]] == tokens[rows[-1]].tolist()
