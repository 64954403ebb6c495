"""Every engine writes the same bytes, even if a part of it is killed: `make test-flink`.

docs/flink.md shows what these tests print.
"""

import os
import re
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
    began = time.monotonic()
    done = massivetext("run", str(configuration), "--output", str(tmp_path), *options)
    assert done.returncode == 0, done.stderr
    print(f"{engine}: {time.monotonic() - began:.0f} s")
    assert hashes(tmp_path) == expected


@pytest.mark.usefixtures("flink")
def test_both_task_managers_worked():
    """Reads the logs of the task managers, after the test that used the cluster."""
    for number in range(cluster.TASK_MANAGERS):
        tasks = _tasks(f"task-manager-{number}")
        print(f"task manager {number}: {tasks} tasks")
        assert tasks > 20


def test_a_task_manager_is_killed(flink: list[str], configuration: Path, expected, hashes, tmp_path: Path):
    """Kills a task manager while it works. Another one takes its place, and the job goes on by itself."""
    logs = cluster.STATE / "log"
    manager, victim = logs / "job-manager.log", logs / "task-manager-1.log"
    began, before = len(victim.read_text()), len(manager.read_text())
    command = [
        sys.executable,
        "-m",
        "massivetext.pipeline.cli",
        "run",
        str(configuration),
        "--output",
        str(tmp_path),
        *flink,
    ]
    first = _tasks("task-manager-0"), _tasks("task-manager-1")
    start = time.monotonic()
    run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while "curate/{Wait, Work" not in _working(victim.read_text()[began:]):
        assert run.poll() is None, run.communicate()[1]
        time.sleep(0.02)
    os.kill(int((cluster.STATE / "task-manager-1.pid").read_text()), signal.SIGKILL)
    cluster.task_manager("task-manager-2")
    _, errors = run.communicate(timeout=3600)
    assert run.returncode == 0, errors
    seconds = time.monotonic() - start
    log = manager.read_text()[before:]
    lost = [
        int(each) for each in re.findall(r"^(\d+) .* switched from state RUNNING to RESTARTING", log, re.M)
    ]
    back = [
        int(each) for each in re.findall(r"^(\d+) .* switched from state RESTARTING to RUNNING", log, re.M)
    ]
    assert lost
    tasks = _tasks("task-manager-0") - first[0], _tasks("task-manager-1") - first[1], _tasks("task-manager-2")
    assert tasks[2] > 20
    print(
        f"killed: {seconds:.0f} s, {len(lost)} restarts, working again {(back[-1] - lost[0]) / 1000:.0f} s after the "
        f"loss was seen; tasks: {tasks[0]} on the one that stayed, {tasks[1]} on the killed, {tasks[2]} on the new"
    )
    assert hashes(tmp_path) == expected


def _tasks(name: str) -> int:
    """Returns how many tasks a task manager began, by its log."""
    return len(_working((cluster.STATE / f"log/{name}.log").read_text()).splitlines())


def _working(log: str) -> str:
    return "\n".join(line for line in log.splitlines() if "switched from INITIALIZING to RUNNING" in line)
