"""One writer for an output: who holds the lock is told, and the lock of a dead holder is taken over."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime import lock
from massivetext.pipeline.storage import layout

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
