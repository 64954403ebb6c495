"""The training example, where torch is there (`make test-readers` installs it)."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from massivetext.pipeline.shards import parquet
from massivetext.pipeline.shards.format import Shard
from tests.paths import ROOT

LENGTH = 64
EXAMPLE = ROOT / "examples/train.py"

pytestmark = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("torch", "sentencepiece")), reason="torch is not installed"
)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the example reads of a run: a tokenizer, and shards of documents that count in steps of their own."""
    from massivetext.pipeline.stages.tokenizer.train import train

    out = tmp_path_factory.mktemp("out")
    (out / "tokenizer").mkdir()
    words = (f"{a}{b} fox" for a in "abcdefghij" for b in "klmnopqrst")
    (out / "tokenizer/tokenizer.model").write_bytes(train(words, 300))
    random = np.random.default_rng(3)
    begins, steps = random.integers(260, 300, (2, 600, 2))
    runs = 260 + (begins[:, :, None] + (steps[:, :, None] % 3 + 1) * np.arange(LENGTH // 2)) % 40
    lengths = pa.array([[LENGTH // 2, LENGTH // 2 - 4]] * 600, pa.list_(pa.int32()))
    shard = Shard(runs.reshape(600, LENGTH).astype(np.uint16), lengths, pa.array(["web"] * 600, pa.string()))
    (out / "shards/parquet").mkdir(parents=True)
    parquet.write(shard, out / "shards/parquet/shard-00000")
    return out


def run(out: Path, *options: str) -> str:
    command = [sys.executable, str(EXAMPLE), str(out), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def losses(printed: str) -> dict[int, float]:
    return {int(step): float(loss) for step, loss in re.findall(r"step +(\d+)  loss ([\d.]+)", printed)}


def test_the_loss_falls(out: Path) -> None:
    found = losses(run(out, "--steps", "120"))
    assert list(found) == [1, 40, 80, 120]
    assert found[1] > 5
    assert found[120] < 0.6 * found[1]


def test_training_goes_on_as_if_it_had_never_stopped(out: Path, tmp_path: Path) -> None:
    """From a checkpoint at step 40: the losses after it are those of one that ran through."""
    through = losses(run(out, "--steps", "80"))
    checkpoint = str(tmp_path / "checkpoint")
    run(out, "--steps", "40", "--checkpoint", checkpoint)
    resumed = run(out, "--steps", "80", "--checkpoint", checkpoint)
    assert "going on at sequence 80" in resumed
    assert losses(resumed)[80] == pytest.approx(through[80], abs=2e-3)
