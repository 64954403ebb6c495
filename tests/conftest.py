"""What tests share: a finished run of the bundled sample, and the data beside the checkout."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import pytest

ROOT = Path(__file__).parent.parent


class Command(Protocol):
    """Runs the command line as a user does, in a process of its own."""

    def __call__(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture(scope="session")
def massivetext() -> Command:
    def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "COLUMNS": "200"}
        command = [sys.executable, "-m", "pipeline.cli", *arguments]
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=600)

    return run


@pytest.fixture(scope="session")
def sample() -> Path:
    """The bundled sample."""
    return ROOT / "pipeline" / "sample"


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, massivetext: Command) -> Path:
    """The output of a finished run of the bundled sample. Tests must not change it: copy it first."""
    out = tmp_path_factory.mktemp("finished") / "out"
    done = massivetext("demo", "--output", str(out))
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data beside the checkout, which is not part of the repository."""
    path = ROOT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("needs the real data beside the checkout (../shared/data), which is absent")
    return path
