"""Every engine gives the bytes of every other, also where a part of it is killed: `make test-flink`."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.engines.flink import cluster


@pytest.mark.parametrize("engine", ["two_processes", "prism", "flink"])
def test_the_same_bytes_everywhere(
    engine: str,
    request: pytest.FixtureRequest,
    configuration: Path,
    expected,
    hashes,
    tmp_path: Path,
    massivetext,
):
    options = request.getfixturevalue(engine)
    done = massivetext("run", str(configuration), "--output", str(tmp_path), *options)
    assert done.returncode == 0, done.stderr
    assert hashes(tmp_path) == expected


@pytest.mark.usefixtures("flink")
def test_both_task_managers_worked():
    """By their logs; runs after the test that used the cluster."""
    for number in range(cluster.TASK_MANAGERS):
        log = (cluster.STATE / f"log/task-manager-{number}.log").read_text()
        assert log.count("switched from INITIALIZING to RUNNING") > 20


def test_a_task_manager_is_killed(flink: list[str], configuration: Path, expected, hashes, tmp_path: Path):
    """While it works; another one takes its place, and the job goes on by itself."""
    logs = cluster.STATE / "log"
    manager, victim = logs / "job-manager.log", logs / "task-manager-1.log"
    began, before = len(victim.read_text()), len(manager.read_text())
    command = [
        sys.executable,
        "-m",
        "pipeline.cli",
        "run",
        str(configuration),
        "--output",
        str(tmp_path),
        *flink,
    ]
    run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while "[1]Work" not in _working(victim.read_text()[began:]):
        assert run.poll() is None, run.communicate()[1]
        time.sleep(0.02)
    os.kill(int((cluster.STATE / "task-manager-1.pid").read_text()), signal.SIGKILL)
    cluster.task_manager("task-manager-2")
    _, errors = run.communicate(timeout=900)
    assert run.returncode == 0, errors
    assert "switched from state RUNNING to RESTARTING" in manager.read_text()[before:]
    assert "switched from INITIALIZING to RUNNING" in (logs / "task-manager-2.log").read_text()
    assert hashes(tmp_path) == expected


def _working(log: str) -> str:
    return "\n".join(line for line in log.splitlines() if "switched from INITIALIZING to RUNNING" in line)
