"""How soon commands start: what they import, and who does the work of small inputs."""

import subprocess
import sys
from pathlib import Path

import pytest

from massivetext.pipeline.config import inputs
from massivetext.pipeline.config.load import load

CONFIG = "sources: {text: {kind: text, paths: ['*.jsonl'], weight: 1}}\nmix: {tokens: 100}\n"


@pytest.mark.parametrize("module", ["verify.verify", "inspect.inspect", "config.load"])
def test_commands_on_a_finished_run_import_neither_beam_nor_scipy(module: str) -> None:
    """Either takes longer to import than the rest."""
    asked = f"import sys, massivetext.pipeline.{module}; print({{'apache_beam', 'scipy.linalg'}} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(("size", "is_small"), [(1000, True), (1 << 20, False)])
def test_the_command_itself_works_through_small_inputs(
    tmp_path: Path, size: int, is_small: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "SMALL_BYTES", 1 << 20)
    (tmp_path / "c.yaml").write_text(CONFIG)
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_bytes(bytes(size))
    assert inputs.are_small(load(str(tmp_path / "c.yaml"))) == is_small
