"""Whether the kernels are compiled, and compiling them in two processes at once where they are not."""

import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from massivetext.filters.kernels import kernel
from massivetext.filters.kernels.source import fingerprint

HALVES = 2
"""Processes that compile at once. Each compiles one of the halves of `filters.compile`, about as much work each."""
_ALL = "massivetext.filters.compile"


def are_compiled() -> bool:
    """Whether `filters.compile` has come to its end for this very code, version of numba and kind of machine."""
    return _mark().exists()


def note_compiled() -> None:
    """Note that all kernels are in the cache."""
    _mark().parent.mkdir(parents=True, exist_ok=True)
    _mark().touch()


def compile_at_once() -> None:
    """Compile all kernels. What a process leaves out, because it failed, is compiled where it is first called."""
    commands = [[sys.executable, "-m", _ALL, str(half)] for half in range(HALVES)]
    processes = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for command in commands]
    statuses = [process.wait() for process in processes]
    if not any(statuses):
        note_compiled()


def _mark() -> Path:
    name = f"compiled-{fingerprint(_ALL)}-numba-{version('numba')}-{platform.machine()}"
    return kernel._cache_folder() / name
