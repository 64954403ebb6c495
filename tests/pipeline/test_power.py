"""Power is lost while a run writes: every file with its name is whole, and the same command goes on to the same bytes.

OUT lies on an ext4 file system in a file of its own, mounted by a loop device. At a random moment the run is killed and
that file is copied: the copy holds what had reached the disk, and nothing of what the kernel still held in memory. The
copy is mounted (the journal is replayed, as after a loss of power), checked, and the run goes on in it.

What this shows: the order of data, names and records on the disk. What it cannot show: a disk that says it has written
what it has not. The copy takes a moment itself, so that the kernel may write out something meanwhile, as it may while
power fails. Needs root and loop devices: `make test-power`.
"""

import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.storage import sealed
from massivetext.pipeline.storage.sealed import DamagedError
from massivetext.pipeline.verify.verify import verify
from tests.conftest import Command
from tests.pipeline.runs import hashes

MOMENTS = int(os.environ.get("MOMENTS", "0"))
FIRST = int(os.environ.get("FIRST", "0"))  # of them: so that many can be tried in several goes
pytestmark = pytest.mark.skipif(not MOMENTS, reason="loses power as often as MOMENTS says: make test-power")

SIZE = 96 << 20
MOUNTED = ("", "data=writeback", "noauto_da_alloc", "commit=1", "data=writeback,noauto_da_alloc,commit=300")
"""How the file system is mounted, in turn: as usual, and with fewer promises of its own."""
CONFIG = """\
sources:
  a: {kind: text, paths: [a.jsonl], weight: 0.5}
  b: {kind: text, paths: [b.jsonl], weight: 0.5}
part_bytes: 20000
limits: {failed: 0.1}
language: {sources: []}
quality: {sources: [a, b]}
deduplicate: {threshold: 0.5}
tokenizer: {train: {vocabulary: 600}}
mix: {tokens: 10000, sequence_length: 64, shard_tokens: 5000}
"""
UNSYNCED = "import os\nos.fsync = lambda _: None\n"
"""What Python imports at its start where nothing is to be synced: then the test must find losses."""


@contextlib.contextmanager
def mounted(image: Path, place: Path, options: str) -> Iterator[None]:
    place.mkdir(exist_ok=True)
    given = ["-o", ",".join(["loop", *filter(None, [options])])]
    subprocess.run(["mount", *given, str(image), str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, sample: Path, massivetext_here: Command) -> Path:
    folder = tmp_path_factory.mktemp("power")
    lines = (sample / "c4/c4-01.json").read_text(errors="replace").splitlines(keepends=True)[:40]
    (folder / "a.jsonl").write_text("".join(lines[::2]))
    (folder / "b.jsonl").write_text("".join(lines[1::2]))
    (folder / "c.yaml").write_text(CONFIG)
    (folder / "unsynced").mkdir()
    (folder / "unsynced/sitecustomize.py").write_text(UNSYNCED)
    done = massivetext_here("run", str(folder / "c.yaml"), "--output", str(folder / "reference"))
    assert done.returncode == 0, done.stderr
    return folder


def lost(corpus: Path, folder: Path, options: str, chance: random.Random, is_synced: bool) -> Path:
    """An image of the file system as it was when power was lost in the middle of a run."""
    image, place = folder / "image", folder / "mounted"
    image.unlink(missing_ok=True)
    with image.open("wb") as file:
        file.truncate(SIZE)
    subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
    command = [sys.executable, "-m", "massivetext.pipeline.cli", "run", str(corpus / "c.yaml")]
    environment = {**os.environ, **({} if is_synced else {"PYTHONPATH": str(corpus / "unsynced")})}
    with mounted(image, place, options):
        process = subprocess.Popen(
            [*command, "--output", str(place / "out"), "--direct_running_mode=in_memory"],
            env=environment,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        goal = chance.randint(1, len(_files(corpus / "reference")))
        while process.poll() is None and len(_files(place / "out")) < goal:
            time.sleep(0.005)
        time.sleep(chance.random() * 0.05)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGSTOP)
        shutil.copyfile(image, folder / "lost")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return folder / "lost"


def _files(out: Path) -> list[Path]:
    return [Path(root) / name for root, _, names in os.walk(out) for name in names]


def broken(out: Path) -> list[str]:
    """Records that are not whole, and files that a whole record names and that are not as they were written."""
    found = []
    for path in out.glob(".work/**/*.json"):
        if not path.name.startswith("part-"):
            continue
        try:
            record = sealed.read(str(path))
        except DamagedError as error:
            found.append(str(error))
            continue
        for written in record["files"]:
            file = out / written["path"]
            if not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != written["sha256"]:
                found.append(f"{path.name} names {written['path']}")
    return found


def test_a_run_goes_on_after_power_was_lost(corpus: Path, tmp_path: Path, massivetext_here: Command) -> None:
    wanted = hashes(corpus / "reference")
    table: Counter[tuple[str, int]] = Counter()
    for number in range(FIRST, FIRST + MOMENTS):
        chance = random.Random(f"power {number}")
        options = MOUNTED[number % len(MOUNTED)]
        image = lost(corpus, tmp_path, options, chance, is_synced=True)
        with mounted(image, tmp_path / "after", ""):
            out = tmp_path / "after/out"
            state = manifest.read(str(out)) if out.exists() else None
            stages = len(state.stages) if state else 0
            assert broken(out) == []
            done = massivetext_here("run", str(corpus / "c.yaml"), "--output", str(out))
            assert done.returncode == 0, done.stderr
            assert hashes(out) == wanted
            if number % 5 == 0:
                assert verify(str(out)) == []
        table[options or "as usual", stages] += 1
    for (options, stages), count in sorted(table.items()):
        print(f"mounted {options:45} power lost after {stages} stages: {count} went on to the same bytes")


def test_without_syncing_the_loss_is_seen(corpus: Path, tmp_path: Path) -> None:
    """The test above can fail: where nothing is synced, records or files are missing or not whole."""
    chance, found = random.Random(5), []
    for _ in range(5):
        image = lost(corpus, tmp_path, "data=writeback,noauto_da_alloc", chance, is_synced=False)
        with mounted(image, tmp_path / "after", ""):
            out = tmp_path / "after/out"
            found.append(len(broken(out)) if (out / "manifest.json").exists() else -1)
    print(f"without syncing: {found} (-1: not even a manifest)")
    assert any(found)
