"""What a shard must be, and what every format keeps."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.shards.format import Shard


def shard(sequences: int) -> Shard:
    return Shard(
        np.arange(sequences * 16, dtype=np.uint16).reshape(sequences, 16),
        pa.array([[16]] * sequences, pa.list_(pa.int32())),
        pa.array(["web"] * sequences, pa.string()),
    )


def test_columns_of_different_lengths_are_an_error() -> None:
    with pytest.raises(ValueError, match="a shard of 2 sequences has 1 lists of lengths and 2 sources"):
        Shard(shard(2).tokens, shard(1).document_lengths, shard(2).sources)


@pytest.mark.parametrize("name", FORMATS)
def test_formats_write_only_the_files_they_name_the_same_each_time(tmp_path: Path, name: str) -> None:
    written = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        files = FORMATS[name].write(shard(3), folder / "shard-00000.of-2")
        assert sorted(files) == sorted(folder.iterdir())
        assert all(file.name.startswith("shard-00000.of-2.") for file in files)
        written.append([(file.name, file.read_bytes()) for file in files])
    assert written[0] == written[1]


@pytest.mark.parametrize("name", [name for name in FORMATS if FORMATS[name].map])
def test_a_map_holds_the_tokens_and_leaves_the_file(tmp_path: Path, name: str) -> None:
    written = FORMATS[name].write(shard(3), tmp_path / "shard-00000")
    before = [path.read_bytes() for path in written]
    map_ = FORMATS[name].map
    assert map_
    tokens = map_(str(tmp_path / "shard-00000"))
    assert tokens.dtype == np.uint16
    assert (tokens.reshape(3, 16) == shard(3).tokens).all()
    tokens[5] = 7
    assert [path.read_bytes() for path in written] == before


@pytest.mark.parametrize("name", [name for name in FORMATS if FORMATS[name].patch])
def test_a_patch_makes_the_bytes_that_writing_makes(tmp_path: Path, name: str) -> None:
    old = shard(3)
    before = {path.suffix: path.read_bytes() for path in FORMATS[name].write(old, tmp_path / "old")}
    tokens = old.tokens.copy()
    tokens[1] += 9
    lengths = pa.array([[16], [3, 13], [16]], pa.list_(pa.int32()))
    new = Shard(tokens, lengths, old.sources)
    after = {
        path.name.removeprefix("new"): path.read_bytes()
        for path in FORMATS[name].write(new, tmp_path / "new")
    }
    patch = FORMATS[name].patch
    assert patch
    made = {suffix: b"".join(pieces) for suffix, pieces in patch(str(tmp_path / "old"), new, np.array([1]))}
    assert made
    assert {suffix: made.get(suffix, before.get(suffix)) for suffix in after} == after
