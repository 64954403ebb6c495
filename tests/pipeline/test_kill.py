"""Runs that are killed outright, whole process groups at a time, and go on: nothing is lost, done twice, or half done.

`KILLS=36 pytest -s tests/pipeline/test_kill.py` (`make test-kill`) kills that often, on a corpus of more parts, and
prints a log; the suite kills a few times.
"""

import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pytest

from tests.pipeline.runs import hashes

KILLS = int(os.environ.get("KILLS", "0"))
STAGES = ("curate", "deduplicate", "decontaminate", "tokenizer", "tokenize", "mix", "report")


@dataclass
class Log:
    """What was found at each kill, and after each run that reached its end."""

    stages: Counter[str] = field(default_factory=Counter)
    unfinished: int = 0  # files begun and not whole when killed
    standing: int = 0  # records of finished parts that stood at a kill
    recomputed: int = 0  # of those, how many the next run wrote again


def test_killed_runs_go_on(sample: Path, finished: Path, tmp_path: Path, massivetext) -> None:
    config, reference, kills = sample / "massivetext.yaml", finished, KILLS or 2
    if KILLS:
        shutil.copytree(sample, tmp_path / "sample")
        config, reference = tmp_path / "sample/massivetext.yaml", tmp_path / "reference"
        config.write_text(config.read_text() + "\npart_bytes: 150000\n")
        assert massivetext("run", str(config), "--output", str(reference)).returncode == 0
    events = len(_files(reference))
    chance, log, left, round_ = random.Random(17), Log(), kills, 0
    while left:
        out, round_ = tmp_path / f"out-{round_}", round_ + 1
        while left and not _killed(
            config, out, chance.randint(2, max(3, 2 * events // max(kills, 8))), chance, log
        ):
            left -= 1
        before = _records(out)
        assert massivetext("run", str(config), "--output", str(out)).returncode == 0
        _compare(before, out, log)
        assert hashes(out) == hashes(reference)
        assert not (out / ".temporary").exists()
        assert not list(out.glob(".work/**/*.error"))
        print(f"run {round_} reached its end: {len(hashes(out))} files like those of the undisturbed run")
        digest = hashlib.sha256(repr(sorted(hashes(out).items())).encode()).hexdigest()
        print(f"SHA-256 of all names and hashes: {digest}")
    print(f"{kills} kills: {dict(log.stages)}; files begun and lost: {log.unfinished}")
    print(f"records that stood at a kill: {log.standing}; written again: {log.recomputed}")
    assert log.recomputed == 0
    assert log.standing > 0
    if KILLS >= 30:
        assert set(log.stages) == set(STAGES)


def _killed(config: Path, out: Path, events: int, chance: random.Random, log: Log) -> bool:
    """Run until `events` more files were seen and a moment passed, then kill. Whether it reached its end instead."""
    before, seen = _records(out), _files(out)
    goal = len(seen) + events
    arguments = ["run", str(config), "--output", str(out), "--direct_num_workers=2"]
    command = [sys.executable, "-m", "massivetext.pipeline.cli", *arguments]
    with (out.parent / "stderr").open("w+") as stderr:
        process = subprocess.Popen(command, stderr=stderr, stdout=subprocess.DEVNULL, start_new_session=True)
        while process.poll() is None and len(seen) < goal:
            seen |= _files(out)
            time.sleep(0.003)
        time.sleep(chance.random() * 0.05)
        ended = process.poll() is not None
        if not ended:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        _wait_for_group(process.pid)
        stderr.seek(0)
        said = stderr.read()
    assert not ended or process.returncode == 0, said
    _compare(before, out, log)
    if ended:
        return True
    done = re.findall(r"^(\w+) (?:finished in|is finished)", said, re.MULTILINE)
    stage = STAGES[len(done)] if len(done) < len(STAGES) else "report"
    temporary = len(list((out / ".temporary").glob("*"))) if (out / ".temporary").exists() else 0
    log.stages[stage] += 1
    log.unfinished += temporary
    log.standing += len(_records(out))
    print(f"killed in {stage}: {len(_records(out))} finished parts stand, {temporary} files begun")
    _check_whole(out)
    return False


def _wait_for_group(group: int) -> None:
    """All of it is gone: a process on its way out may still be in a call that writes."""
    for _ in range(2000):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.005)
    pytest.fail("processes of a killed group are left")


def _files(out: Path) -> set[str]:
    return {os.path.join(folder, name) for folder, _, names in os.walk(out) for name in names}


def _records(out: Path) -> dict[Path, tuple[int, int]]:
    """What tells whether a part was worked on again: its record is replaced, never written over."""
    found = {}
    for path in (*out.glob(".work/**/part-*.json"), *out.glob(".work/**/*.group")):
        status = path.stat()
        found[path] = (status.st_ino, status.st_mtime_ns)
    return found


def _compare(before: dict[Path, tuple[int, int]], out: Path, log: Log) -> None:
    after = _records(out)
    log.recomputed += sum(after.get(path) != mark for path, mark in before.items())


def _check_whole(out: Path) -> None:
    """Check that every file that a record names is as the record says."""
    for path in out.glob(".work/**/part-*.json"):
        for written in orjson.loads(path.read_bytes())["files"]:
            data = (out / written["path"]).read_bytes()
            assert (len(data), hashlib.sha256(data).hexdigest()) == (written["bytes"], written["sha256"])
