"""Ends that come before the work's: what a person reads, and that no process is left behind."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

LINE = '{"text": "%s"}\n'
CONFIG = """\
sources: {c4: {kind: text, paths: ["*.jsonl"], weight: 1}}
part_bytes: 100000
mix: {tokens: 100}
"""


@pytest.fixture
def command(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`curate` in a process group of its own, which is ended in any case. It has work for minutes."""
    words = "all the words of a line that is read and measured again and again, and has no end to speak of "
    (tmp_path / "a.jsonl").write_text(LINE % (words * 10) * 100_000)
    (tmp_path / "c.yaml").write_text(CONFIG)
    arguments = [sys.executable, "-m", "massivetext.pipeline.cli", "curate", "c.yaml", "--output", "out"]
    process = subprocess.Popen(
        [*arguments, "--direct_num_workers=2"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    yield process
    if group(process.pid):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def group(number: int) -> list[str]:
    """The command lines of all processes of a process group."""
    listed = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return [row[2] for row in rows if int(row[0]) == number and not row[1].startswith("Z")]


def wait(until: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not until():
        assert time.monotonic() < deadline, "waited for two minutes"
        time.sleep(0.05)


def in_the_middle(command: subprocess.Popen[str], folder: Path) -> None:
    wait(lambda: command.poll() is not None or list(folder.glob("out/.work/curate/part-*.json")))
    assert command.poll() is None


def ended(command: subprocess.Popen[str]) -> str:
    """What the command said, once it and all its processes are gone."""
    _, said = command.communicate(timeout=60)
    wait(lambda: not group(command.pid))
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize(
    ("number", "to_all", "why"),
    [(signal.SIGINT, True, "stopped by Ctrl-C"), (signal.SIGTERM, False, "stopped by SIGTERM")],
)
def test_a_signal_stops_the_command(command, tmp_path: Path, number: signal.Signals, to_all: bool, why: str):
    in_the_middle(command, tmp_path)
    (os.killpg if to_all else os.kill)(command.pid, number)  # a terminal sends Ctrl-C to the whole group
    said = ended(command)
    assert said.endswith(f"massivetext: {why}. Finished parts are kept: the same command goes on.\n")
    assert command.returncode == 128 + number


def test_a_worker_that_is_killed_ends_the_command(command, tmp_path: Path):
    in_the_middle(command, tmp_path)
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,pgid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 3) for line in listed.stdout.splitlines()]
    ours = [row for row in rows if int(row[1]) == command.pid and "fork_server" in row[3]]
    [server] = [row[0] for row in ours if int(row[2]) == command.pid]
    os.kill(int(next(row[0] for row in ours if row[2] == server)), signal.SIGKILL)
    said = ended(command)
    assert re.search(  # a part that is read is judged by the same worker
        r"a worker process was killed by SIGKILL \(out of memory\? use fewer workers\), working on "
        r"(curate, part [0-9a-f]{8} \(a\.jsonl\)(, at byte \d+ of a\.jsonl)?|curate/judge, part [0-9a-f]{8})"
        r"\. Finished parts",
        said,
    ), said
    assert command.returncode == 1


def test_a_command_that_is_killed_leaves_no_process(command, tmp_path: Path):
    in_the_middle(command, tmp_path)
    os.kill(command.pid, signal.SIGKILL)
    command.wait(timeout=60)
    wait(lambda: not group(command.pid))
