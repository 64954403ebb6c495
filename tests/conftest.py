"""Fixtures of many tests: a finished run of the bundled sample, and the data beside the checkout."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.paths import ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests of whole runs before short tests, so that neither of two processes is left with a long file at the
    end."""
    items.sort(key=lambda item: "filters" in item.path.parts)


class Command(Protocol):
    """Runs the command line."""

    def __call__(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]: ...


class Once(Protocol):
    """Makes a folder once for all processes that share the tests; returns it."""

    def __call__(self, name: str, make: Callable[[Path], object]) -> Path: ...


class Share(Protocol):
    """Gives folders and variables of this machine to containers that are started from now on."""

    def __call__(self, folders: Sequence[Path] = (), variables: Mapping[str, str] | None = None) -> None: ...


@pytest.fixture(scope="session")
def massivetext() -> Command:
    """Runs the command line like a user, in its own process, which takes seconds to start."""

    def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "COLUMNS": "200"}
        command = [sys.executable, "-m", "massivetext.pipeline.cli", *arguments]
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=3600)

    return run


@pytest.fixture(scope="session")
def massivetext_here() -> Command:
    """Runs the command line in this process, which has imported everything, and without worker processes."""
    from click.testing import CliRunner

    from massivetext.pipeline.cli import main

    def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        with contextlib.chdir(cwd or Path()):
            command = [*arguments, "--direct_running_mode=in_memory"]
            done = CliRunner(env={"COLUMNS": "200"}).invoke(main, command)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return subprocess.CompletedProcess(command, done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def a_minute() -> Iterator[None]:
    """Fails a test after a minute, for tests that a defect would keep from ending."""

    def fail(*_: object) -> None:
        raise TimeoutError("a minute has passed")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # each test process has its own folder in it

    def once(name: str, make: Callable[[Path], object]) -> Path:
        folder, done = base / name, base / f"{name}.done"
        with (base / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(
                    folder, ignore_errors=True
                )  # written by a process in which making the folder failed
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return once


@pytest.fixture(scope="session")
def sample() -> Path:
    """The bundled sample."""
    return ROOT / "pipeline" / "sample"


@pytest.fixture(scope="session")
def finished(once: Once, massivetext: Command) -> Path:
    """The output of a finished run of the bundled sample by two processes. Tests must not change it; copy it first."""

    def make(folder: Path) -> None:
        two = ("--direct_running_mode=multi_processing", "--direct_num_workers=2")
        done = massivetext("demo", "--output", str(folder / "out"), *two)
        assert done.returncode == 0, done.stderr

    return once("finished", make) / "out"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data beside the checkout, which is not part of the repository."""
    path = ROOT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("needs the real data beside the checkout (../shared/data), which is absent")
    return path


@pytest.fixture
def share_with_containers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Share]:
    """Shares folders with containers that Beam or an engine starts. These mount nothing, and only podman has settings
    for that.

    podman is put on the path as `docker`, the name that they call. Beam does not remove its containers, so this does.
    """
    program = shutil.which(os.environ.get("CONTAINER", "docker")) or ""
    if Path(program).name != "podman":
        pytest.skip("needs podman, as engines mount nothing into the containers they start: CONTAINER=podman")

    def share(folders: Sequence[Path] = (), variables: Mapping[str, str] | None = None) -> None:
        given = os.environ.get("CONTAINERS_CONF")
        settings = tomllib.loads(Path(given).read_text()) if given else {}
        containers = settings.setdefault("containers", {})
        containers["volumes"] = [*containers.get("volumes", []), *(f"{each}:{each}" for each in folders)]
        pairs = (f"{name}={value}" for name, value in (variables or {}).items())
        containers["env"] = [*containers.get("env", []), *pairs]
        (tmp_path / "containers.conf").write_text(_toml(settings))
        programs = tmp_path / "programs"
        programs.mkdir()
        (programs / "docker").symlink_to(program)
        monkeypatch.setenv("CONTAINERS_CONF", str(tmp_path / "containers.conf"))
        monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")

    def exited() -> set[str]:
        command = [program, "ps", "--all", "--quiet", "--filter", "status=exited"]
        return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())

    before = exited()
    yield share
    if left := exited() - before:
        subprocess.run([program, "rm", *left], capture_output=True, check=True)


def _toml(table: Mapping[str, Any], name: str = "") -> str:
    """Returns a table of strings, numbers and lists, which TOML writes like JSON, and of such tables, as TOML."""
    lines = [f"[{name}]"] if name else []
    lines += [f"{key} = {json.dumps(value)}" for key, value in table.items() if not isinstance(value, dict)]
    inner = {key: value for key, value in table.items() if isinstance(value, dict)}
    return "\n".join([*lines, *(_toml(value, f"{name}.{key}".lstrip(".")) for key, value in inner.items())])
