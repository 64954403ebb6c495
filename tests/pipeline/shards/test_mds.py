"""`.mds` and index.json, read back by the format's definition with none of our code.

mosaicml-streaming's own reader needs torch, which is no dependency of these tests: see test_readers.py.
"""

import hashlib
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from massivetext.pipeline.shards.format import Shard
from massivetext.pipeline.shards.mds import index, write


def decode(encoding: str, data: bytes) -> object:
    """A value as streaming/base/format/mds/encodings.py documents it."""
    kind, *arguments = encoding.split(":")
    if kind == "str":
        return data.decode()
    assert kind == "ndarray"
    if len(arguments) == 2:
        return np.frombuffer(data, arguments[0]).tolist()
    assert data[0] >> 2 == 1, "one dimension"
    shape = np.dtype(("u1", "<u2", "<u4", "<u8")[data[0] & 3])
    values = np.frombuffer(data, arguments[0], offset=1 + shape.itemsize)
    assert np.frombuffer(data, shape, 1, 1) == [len(values)]
    return values.tolist()


def read(folder: Path) -> list[dict[str, object]]:
    """All samples, by index.json."""
    samples: list[dict[str, object]] = []
    described = json.loads((folder / "index.json").read_text())
    assert described["version"] == 2
    for shard in described["shards"]:
        data = (folder / shard["raw_data"]["basename"]).read_bytes()
        assert (shard["format"], shard["compression"], shard["version"]) == ("mds", None, 2)
        assert len(data) == shard["raw_data"]["bytes"]
        count = int(np.frombuffer(data, "<u4", 1)[0])
        offsets = np.frombuffer(data, "<u4", count + 1, 4).tolist()
        assert (count, offsets[-1]) == (shard["samples"], len(data))
        for begin, end in pairwise(offsets):
            samples.append(sample(shard, data[begin:end]))
    return samples


def sample(shard: dict[str, list], data: bytes) -> dict[str, object]:
    varying = shard["column_sizes"].count(None)
    sizes, at = np.frombuffer(data, "<u4", varying).tolist(), 4 * varying
    found = {}
    columns = zip(shard["column_names"], shard["column_encodings"], shard["column_sizes"], strict=True)
    for name, encoding, size in columns:
        size = sizes.pop(0) if size is None else size
        found[name] = decode(encoding, data[at : at + size])
        at += size
    assert at == len(data)
    return found


def shards(dtype: type) -> list[Shard]:
    high = np.iinfo(dtype).max
    tokens = np.arange(2 * 512).reshape(2, 512).astype(dtype)
    tokens[1, 7] = high
    lengths = pa.array([[500, 12], [1] * 300], pa.list_(pa.int32()))
    first = Shard(tokens, lengths, pa.array(["web", "bücher"], pa.string()))
    second = Shard(tokens[1:], lengths[1:], pa.array(["code"], pa.string()))
    return [first, Shard(tokens[:0], lengths[:0], pa.array([], pa.string())), second]


def save(folder: Path, made: list[Shard]) -> None:
    for number, shard in enumerate(made):
        write(shard, folder / f"shard-{number:05d}")
    paths = sorted(folder.glob("*.mds"))
    content = index((path.name, path.stat().st_size, path.open("rb")) for path in paths)
    (folder / "index.json").write_bytes(content)


@pytest.mark.parametrize("dtype", [np.uint16, np.uint32])
def test_sequences_come_back(tmp_path: Path, dtype: type) -> None:
    made = shards(dtype)
    save(tmp_path, made)
    found = read(tmp_path)
    expected = [
        {"tokens": tokens, "document_lengths": lengths, "source": source}
        for shard in made
        for tokens, lengths, source in zip(
            shard.tokens.tolist(), shard.document_lengths.to_pylist(), shard.sources.to_pylist(), strict=True
        )
    ]
    assert found == expected
    assert len(json.loads((tmp_path / "index.json").read_text())["shards"]) == 2, "no empty shard"


def test_the_bytes_are_those_of_the_librarys_own_writer(tmp_path: Path) -> None:
    """The digest of the file that mosaicml-streaming 0.13.0's MDSWriter wrote of these sequences."""
    tokens = np.arange(48, dtype=np.uint16).reshape(3, 16)
    lengths = pa.array([[10, 6]] * 3, pa.list_(pa.int32()))
    (file,) = write(Shard(tokens, lengths, pa.array(["web"] * 3, pa.string())), tmp_path / "x")
    assert hashlib.sha256(file.read_bytes()).hexdigest()[:16] == "f24ba1829602b6e2"


def test_a_shard_beyond_the_offsets_is_an_error(tmp_path: Path) -> None:
    """4 GiB of one row, repeated without being held."""
    tokens = np.broadcast_to(np.zeros(1 << 26, np.uint32), (17, 1 << 26))
    shard = Shard(tokens, pa.array([[1]] * 17, pa.list_(pa.int32())), pa.array(["web"] * 17, pa.string()))
    with pytest.raises(ValueError, match="too large for MDS"):
        write(shard, tmp_path / "shard-00000")
