"""Folders that cannot be written to, for real: file systems of their own that are full, or read-only."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from massivetext.pipeline.storage import sealed
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


@pytest.mark.parametrize("left", [4, 800])
def test_a_full_disk_is_told_and_the_run_goes_on_once_there_is_space(
    mount: Mount, left: int, finished: Path, tmp_path: Path, massivetext, massivetext_here
) -> None:
    """A run up to mix on a disk with so many kB left: too few for what groups, or for the tokens of all parts."""
    before_mix(finished, tmp_path / "before")
    out = mount("size=500m") / "out"
    shutil.copytree(tmp_path / "before", out)
    used = sum(-(-path.stat().st_size // 4096) * 4 for path in out.rglob("*") if path.is_file())
    mount(f"size={used + left}k")
    done = massivetext("demo", "--output", str(out))
    assert done.returncode == 1, done.stderr
    assert "No space left on device" in done.stderr
    assert done.stderr.endswith("Finished parts are kept: the same command goes on.\n")
    assert "Traceback" not in done.stderr, done.stderr
    records = {path: path.stat().st_mtime_ns for path in out.glob(".work/**/part-*.json")}
    mount("size=500m")
    done = massivetext_here("demo", "--output", str(out))
    assert done.returncode == 0, done.stderr
    assert hashes(out) == hashes(finished)
    assert {path: path.stat().st_mtime_ns for path in records} == records
    assert not (out / ".temporary").exists()


def before_mix(finished: Path, out: Path) -> None:
    shutil.copytree(finished, out)
    for folder in ("shards", "report", ".work/mix", ".work/report"):
        shutil.rmtree(out / folder)
    manifest = sealed.read(str(out / "manifest.json"))
    del manifest["stages"]["mix"], manifest["stages"]["report"]
    (out / "manifest.json").write_bytes(sealed.sealed(manifest))


def test_a_read_only_folder_is_told_before_any_work(mount: Mount, massivetext) -> None:
    out = mount("ro") / "out"
    done = massivetext("demo", "--output", str(out))
    assert (done.returncode, done.stderr) == (
        1,
        f"massivetext: {out}: Read-only file system. Finished parts are kept: the same command goes on.\n",
    )
