"""The formats of flat arrays, read back by the definitions of their consumers with none of our code."""

import gzip
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.shards.format import Shard, ShardError

LENGTH = 8


@pytest.fixture(params=[np.uint16, np.uint32])
def shard(request: pytest.FixtureRequest) -> Shard:
    """Three sequences: one document, two, and two with padding after them."""
    tokens = np.random.default_rng(2).integers(0, 60_000, (3, LENGTH)).astype(request.param)
    tokens[0, 0] = np.iinfo(request.param).max >> (request.param == np.uint32)
    lengths = pa.array([[8], [3, 5], [4, 1]], pa.list_(pa.int32()))
    return Shard(tokens, lengths, pa.array(["web", "web", "code"], pa.string()))


RUNS = [(0, 8), (8, 11), (11, 16), (16, 20), (20, 21)]


def test_olmo(shard: Shard, tmp_path: Path) -> None:
    data, places = FORMATS["olmo"].write(shard, tmp_path / "shard-00000")
    assert data.suffix == ".npy"
    assert places.name == data.name.replace(".npy", ".csv.gz"), "as olmo_core looks for it"
    array = np.memmap(data, mode="r", dtype=shard.tokens.dtype)
    assert array.tolist() == shard.tokens.reshape(-1).tolist()
    rows = [line.split(",") for line in gzip.decompress(places.read_bytes()).decode().splitlines()]
    assert [(int(start), int(end)) for start, end, _ in rows] == RUNS
    assert [source for *_, source in rows] == ["web", "web", "web", "code", "code"]


def test_nanotron(shard: Shard, tmp_path: Path) -> None:
    data, index, metadata = FORMATS["nanotron"].write(shard, tmp_path / "shard-00000")
    assert (index.name, metadata.name) == (f"{data.name}.index", f"{data.name}.metadata")
    assert np.fromfile(data, shard.tokens.dtype).tolist() == shard.tokens.reshape(-1).tolist()
    assert np.fromfile(index, np.uint64).tolist() == [8, 11, 16, 20, 21, 24]
    assert metadata.read_text().split("\n")[:2] == [f"massivetext|{shard.tokens.itemsize}", "24"]


def test_nanogpt(shard: Shard, tmp_path: Path) -> None:
    [data] = FORMATS["nanogpt"].write(shard, tmp_path / "shard-00000")
    assert np.memmap(data, dtype=shard.tokens.dtype, mode="r").tolist() == shard.tokens.reshape(-1).tolist()


def test_llmc(shard: Shard, tmp_path: Path) -> None:
    """As modded-nanogpt's and llm.c's data loaders read it."""
    [data] = FORMATS["llmc"].write(shard, tmp_path / "shard-00000")
    header = np.fromfile(data, np.int32, 256)
    signs = (20240520, 1) if shard.tokens.itemsize == 2 else (20240801, 7)
    assert tuple(header[:3]) == (*signs, 24)
    assert not header[3:].any()
    found = np.fromfile(data, shard.tokens.dtype, offset=256 * 4)
    assert found.tolist() == shard.tokens.reshape(-1).tolist()


def test_litdata(shard: Shard, tmp_path: Path) -> None:
    [data] = FORMATS["litdata"].write(shard, tmp_path / "shard-00000")
    items, begin, end = np.fromfile(data, np.uint32, 3).tolist()
    assert (items, begin, end) == (1, 12, data.stat().st_size)
    assert FORMATS["litdata"].index is not None
    name, index = FORMATS["litdata"].index
    described = json.loads(index([(data.name, data.stat().st_size, data.open("rb"))]))
    assert name == "index.json"
    assert described["chunks"] == [{"chunk_bytes": end, "chunk_size": 1, "dim": 24, "filename": data.name}]
    assert described["config"]["data_format"] == [
        f"no_header_tensor:{20 if shard.tokens.itemsize == 2 else 15}"
    ]


def test_megatron_documents(shard: Shard, tmp_path: Path) -> None:
    """The .bin is that of the format megatron; the .idx names runs, each a document, and no padding."""
    data, index = FORMATS["megatron_documents"].write(shard, tmp_path / "shard-00000")
    other, _ = FORMATS["megatron"].write(shard, tmp_path / "other")
    assert data.read_bytes() == other.read_bytes()
    content = index.read_bytes()
    lengths = np.frombuffer(content, "<i4", 5, 34)
    pointers = np.frombuffer(content, "<i8", 5, 34 + 20) // shard.tokens.itemsize
    assert [(int(a), int(a + n)) for a, n in zip(pointers, lengths, strict=True)] == RUNS
    assert np.frombuffer(content, "<i8", 6, 34 + 60).tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_reads_what_it_wrote(shard: Shard, tmp_path: Path, name: str) -> None:
    FORMATS[name].write(shard, tmp_path / "shard-00000")
    assert FORMATS[name].read(str(tmp_path / "shard-00000")).tolist() == shard.tokens.reshape(-1).tolist()


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "array_record"])
def test_a_file_that_is_missing_is_said(shard: Shard, tmp_path: Path, name: str) -> None:
    for file in FORMATS[name].write(shard, tmp_path / "shard-00000"):
        held = file.read_bytes()
        file.unlink()
        with pytest.raises(ShardError, match="is missing"):
            FORMATS[name].read(str(tmp_path / "shard-00000"))
        file.write_bytes(held)


@pytest.mark.parametrize("name", ["olmo", "nanotron", "llmc", "litdata", "megatron_documents"])
def test_a_shard_that_lost_tokens_is_said(shard: Shard, tmp_path: Path, name: str) -> None:
    data, *_ = FORMATS[name].write(shard, tmp_path / "shard-00000")
    data.write_bytes(data.read_bytes()[: -6 * shard.tokens.itemsize])
    with pytest.raises(ShardError):
        FORMATS[name].read(str(tmp_path / "shard-00000"))
