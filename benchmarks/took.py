"""What a command took: seconds, CPU seconds and memory of it and of all processes that it started."""

import contextlib
import ctypes
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.whole_run import tree_memory

_SET_CHILD_SUBREAPER = 36  # prctl(2)
_TURN = 0.2  # seconds


@dataclass
class Took:
    """The figures of a command that ended well."""

    seconds: float
    cpu: float
    memory: int  # bytes: the highest sum of the proportional set sizes
    output: str  # its standard output


def took(
    command: Sequence[str | Path], log: Path | None = None, look: Callable[[], None] = lambda: None
) -> Took:
    """Run a command, and look at its memory five times a second. `look` is called every two seconds; if it raises an
    error, the command is ended. The command's error output goes to `log`, if that is given.

    Processes whose parent has ended become children of this one, which waits for them, so that all their CPU seconds
    count. Exits if the command fails.
    """
    if ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError("prctl failed")
    began, before, most, turn = time.monotonic(), _cpu(), 0, 0
    with contextlib.ExitStack() as stack:
        errors = stack.enter_context(log.open("wb")) if log else None
        output = stack.enter_context(tempfile.TemporaryFile())
        process = subprocess.Popen(command, stdout=output, stderr=errors)
        try:
            while process.poll() is None:
                most = max(most, tree_memory(process.pid))
                if turn % 10 == 0:
                    look()
                turn += 1
                time.sleep(_TURN)
        finally:
            process.terminate()
            process.wait()
        seconds = time.monotonic() - began
        if process.returncode:
            sys.exit(f"exit status {process.returncode}{f': see {log}' if log else ''}")
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)
        output.seek(0)
        return Took(seconds, _cpu() - before, most, output.read().decode())


def bytes_of(folder: Path, without: str = "") -> int:
    """The bytes of all files in a folder from which files may vanish meanwhile, except those in folders of one name."""
    total = 0
    for root, _, names in os.walk(folder):
        if not without or os.path.basename(root) != without:
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    total += os.stat(os.path.join(root, name)).st_size
    return total


def _cpu() -> float:
    usage = os.times()
    return usage.children_user + usage.children_system
