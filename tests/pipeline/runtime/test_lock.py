"""One writer for an output: who holds the lock is told, and the lock of a dead holder is taken over."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime import lock
from massivetext.pipeline.runtime.parts import Step
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.runtime.work_on import WorkOn
from massivetext.pipeline.storage import layout
from massivetext.pipeline.storage.output import Output
from tests.conftest import Command

HELD = """
import sys, time
from massivetext.pipeline.runtime import lock
with lock.held(sys.argv[1], "mix"):
    print("held", flush=True)
    time.sleep(60)
"""


def hold(out: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock."""
    holder = subprocess.Popen([sys.executable, "-c", HELD, str(out)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_second_command_is_told_who_writes(tmp_path: Path) -> None:
    with hold(tmp_path) as holder:
        wanted = rf"`massivetext mix` \(process {holder.pid} on {socket.gethostname()}, since 20"
        with pytest.raises(ConfigError, match=wanted), lock.held(str(tmp_path), "run"):
            pass
        holder.kill()
        holder.wait()
        with lock.held(str(tmp_path), "run"):
            assert json.loads((tmp_path / layout.LOCK).read_text())["process"] == os.getpid()
    assert not (tmp_path / layout.LOCK).exists()


@pytest.mark.parametrize(("ago", "is_dead"), [(0, False), (1000, True)])
def test_a_holder_elsewhere_is_dead_when_it_renews_no_more(tmp_path: Path, ago: float, is_dead: bool) -> None:
    said = {"token": "t", "command": "run", "host": "elsewhere", "process": 1, "process_began": "1"}
    times = {"began": 0.0, "renewed": time.time() - ago}
    (tmp_path / layout.LOCK).write_text(json.dumps({**said, **times}))
    if is_dead:
        with lock.held(str(tmp_path), "run"):
            pass
    else:
        with pytest.raises(ConfigError, match="on elsewhere"), lock.held(str(tmp_path), "run"):
            pass


def test_a_damaged_lock_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / layout.LOCK).write_bytes(b"\0")
    with lock.held(str(tmp_path), "run"):
        pass


@dataclass(frozen=True)
class Item:
    part: int


@dataclass(frozen=True)
class Nothing:
    """Work that writes nothing."""

    def __call__(self, _item: Item, _output: Output) -> Tally:
        return Tally()


def take_over(out: Path) -> None:
    """What another machine does whose clock says that the holder is dead."""
    said = {"token": "t", "command": "mix", "host": "elsewhere", "process": 7, "process_began": "1"}
    times = {"began": time.time(), "renewed": time.time()}
    (out / layout.LOCK).write_text(json.dumps({**said, **times}))


def test_a_holder_that_was_taken_over_writes_no_more(tmp_path: Path) -> None:
    """Neither a file nor a record, nor what it could not do; it says who writes now."""
    with lock.held(str(tmp_path), "run") as holder:
        output = Output(str(tmp_path), holder.check)
        with output.file("before") as stream:
            stream.write(b"1")
        take_over(tmp_path)
        with (
            pytest.raises(
                lock.TakenOverError, match=r"taken over by `massivetext mix` \(process 7 on elsewhere"
            ),
            output.file("after") as stream,
        ):
            stream.write(b"1")
        work = WorkOn(str(tmp_path), Step.of("curate", Nothing()), holder=holder)
        with pytest.raises(lock.TakenOverError):
            list(work.process(Item(3)))
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {"before", ".lock"}


def test_a_command_that_was_taken_over_ends(tmp_path: Path) -> None:
    script = HELD.replace("lock.held(", "lock.__dict__.update(_RENEW=0.2) or lock.held(")
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        take_over(tmp_path)
        _, said = holder.communicate(timeout=30)
    assert holder.returncode != 0
    assert "was taken over by `massivetext mix`" in said
    assert json.loads((tmp_path / layout.LOCK).read_text())["host"] == "elsewhere"


PAIRS = ("run", "report", "withdraw", "verify", "inspect")
"""What is typed while a `run` holds the output: three write, two only read."""


@pytest.mark.parametrize("command", PAIRS)
def test_a_second_command_beside_a_run(
    finished: Path, sample: Path, tmp_path: Path, massivetext_here: Command, command: str
) -> None:
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    (tmp_path / "ids").write_text("0" * 32 + "\n")
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    config = [str(sample / "massivetext.yaml"), "--output", str(out)]
    typed = {
        "withdraw": [str(out), "--ids", str(tmp_path / "ids")],
        "verify": [str(out)],
        "inspect": [str(out)],
    }
    with lock.held(str(out), "run"):
        done = massivetext_here(command, *typed.get(command, config))
        if command in ("verify", "inspect"):
            assert done.returncode == 0
        else:
            assert done.returncode == 2
            assert f"{out} is being written by `massivetext run` (process {os.getpid()} on " in done.stderr
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()} == before
