"""The example pipeline of examples/ on Flink: `make test-flink`."""

import subprocess
import sys
from pathlib import Path

from tests.massivetext.test_transforms import corpus
from tests.paths import ROOT


def test_the_same_lines_on_flink(flink: list[str], tmp_path: Path) -> None:
    found = {}
    for name, options in (("here", []), ("flink", flink)):
        (tmp_path / name).mkdir()
        command = [sys.executable, str(ROOT / "examples/pipeline.py"), *corpus(tmp_path / name), *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
        assert done.returncode == 0, done.stderr
        found[name] = sorted((tmp_path / name / "lengths.jsonl").read_text().splitlines())
    assert found["flink"] == found["here"]
    assert len(found["here"]) == 3
