"""The example that streams Parquet runs, and its labels stay within documents. `make test-readers` runs this file."""

import runpy
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.shards.format import Shard
from tests.paths import ROOT

pytest.importorskip("datasets", reason="Hugging Face datasets is not installed")
pytest.importorskip("torch", reason="torch is not installed")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "shards/parquet"
    folder.mkdir(parents=True)
    tokens = np.arange(20 * 8, dtype=np.uint16).reshape(20, 8)
    lengths = pa.array([[8], [3, 2]] * 10, pa.list_(pa.int32()))
    FORMATS["parquet"].write(Shard(tokens, lengths, pa.array(["web"] * 20)), folder / "shard-00000")
    return tmp_path


def test_labels_stay_within_documents(out: Path) -> None:
    shards = runpy.run_path(str(ROOT / "examples/stream.py"))["Shards"](out)
    found = [(row["input"].tolist(), labels.tolist()) for row, labels in shards]
    assert found[0] == ([*range(7)], [*range(1, 8)])
    assert found[1] == ([*range(8, 15)], [9, 10, -100, 12, -100, -100, -100])
    assert len(found) == 20


def test_readers_share_the_sequences(out: Path) -> None:
    shards = runpy.run_path(str(ROOT / "examples/stream.py"))["Shards"]
    firsts = [[row["input"][0].item() for row, _ in shards(out, rank, 2)] for rank in range(2)]
    assert sorted(firsts[0] + firsts[1]) == [8 * row for row in range(20)]


def test_the_example_runs(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["stream.py", str(out)])
    runpy.run_path(str(ROOT / "examples/stream.py"), run_name="__main__")
    assert "after a checkpoint the next sequence is the same" in capsys.readouterr().out
