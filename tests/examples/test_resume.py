"""Reading a run's shards in order, and going on in the middle: no torch needed."""

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.paths import ROOT

EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def sequences(finished: Path) -> Any:
    return runpy.run_path(str(EXAMPLES / "sequences.py"))["Sequences"](finished / "shards/parquet")


def test_sequences_are_those_of_the_index(sequences: Any, finished: Path) -> None:
    """Number k is row k of shards/index.parquet, so that `inspect --sequence` can say where it is from."""
    index = pq.read_table(finished / "shards/index.parquet")
    assert len(sequences) == index.num_rows
    raw = np.fromfile(finished / "shards/megatron/shard-00000.bin", np.uint16).reshape(len(sequences), -1)
    batch = sequences.batch(0, len(sequences))
    np.testing.assert_array_equal(batch.tokens, raw)
    for row, lengths in enumerate(index["lengths"].to_pylist()):
        expected = np.repeat(np.arange(len(lengths)), lengths)
        assert batch.documents[row, : len(expected)].tolist() == expected.tolist()
        assert set(batch.documents[row, len(expected) :]) <= {-1}


@pytest.mark.parametrize("first", [0, 1, 2047, 2048, 2049, 4090])
def test_a_reading_that_goes_on_sees_the_batches_of_one_that_never_stopped(
    sequences: Any, first: int
) -> None:
    """Across row groups of 2,048 sequences, and to the last whole batch."""
    whole = sequences.batch(0, len(sequences))
    seen = 0
    for after, batch in sequences.batches(24, first):
        rows = slice(after - 24, after)
        np.testing.assert_array_equal(batch.tokens, whole.tokens[rows])
        np.testing.assert_array_equal(batch.documents, whole.documents[rows])
        seen += 1
    assert seen == (len(sequences) - first) // 24


def test_the_last_batch_asked_for_may_be_short(sequences: Any) -> None:
    assert sequences.batch(len(sequences) - 3, 8).tokens.shape[0] == 3


def test_a_folder_without_shards_is_an_error(sequences: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no sequences"):
        type(sequences)(tmp_path)


def test_the_example_runs(finished: Path) -> None:
    command = [
        sys.executable,
        str(EXAMPLES / "resume.py"),
        str(finished),
        "--sequence",
        "1003",
        "--batch",
        "8",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("batch at sequence 1003: ")
