"""Folders that cannot be written to, for real: file systems of their own that are full, or read-only."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pipeline.runs import hashes

Mount = Callable[[str], Path]


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """Mounts a file system in memory with the options given; given others later, the same one with these."""
    folder = tmp_path / "mounted"
    folder.mkdir()

    def with_options(options: str) -> Path:
        if folder.is_mount():
            options += ",remount"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip(f"needs the right to mount a file system: {done.stderr.strip()}")
        return folder

    yield with_options
    if folder.is_mount():
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("size", ["1m", "7m"])
def test_a_full_disk_is_told_and_the_run_goes_on_once_there_is_space(
    mount: Mount, size: str, finished: Path, massivetext
) -> None:
    out = mount(f"size={size}") / "out"
    done = massivetext("demo", "--output", str(out))
    assert done.returncode == 1, done.stderr
    assert "No space left on device" in done.stderr
    assert done.stderr.endswith("Finished parts are kept: the same command goes on.\n")
    assert "Traceback" not in done.stderr
    records = {path: path.stat().st_mtime_ns for path in out.glob(".work/*/part-*.json")}
    mount("size=500m")
    done = massivetext("demo", "--output", str(out))
    assert done.returncode == 0, done.stderr
    assert hashes(out) == hashes(finished)
    assert {path: path.stat().st_mtime_ns for path in records} == records


def test_a_read_only_folder_is_told_before_any_work(mount: Mount, massivetext) -> None:
    out = mount("ro") / "out"
    done = massivetext("demo", "--output", str(out))
    assert (done.returncode, done.stderr) == (
        1,
        f"massivetext: {out}: Read-only file system. Finished parts are kept: the same command goes on.\n",
    )
