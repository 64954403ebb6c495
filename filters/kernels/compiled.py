"""Whether the kernels are compiled, and compiling them in two processes at once where they are not."""

import contextlib
import errno
import fcntl
import hashlib
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from massivetext.filters.kernels import kernel
from massivetext.filters.kernels.source import ROOT, fingerprint

HALVES = 2
"""Processes that compile at once. Each compiles one of the halves of `filters.compile`, about as much work each."""
_ALL = "massivetext.filters.compile"
ROOM = 128 << 20
"""Bytes that the compiled kernels may take: about twice what they do."""


class NoRoomError(OSError):
    """There is no room for the compiled kernels: each process would compile them anew, for a minute."""


def are_compiled() -> bool:
    """Whether `filters.compile` has come to its end for this very code in this place, numba and kind of machine."""
    return _mark().exists()


def note_compiled() -> None:
    """Note that all kernels are in the cache."""
    _mark().parent.mkdir(parents=True, exist_ok=True)
    _mark().touch()


def compile_at_once() -> None:
    """Compile all kernels that are not compiled yet. Of commands that start at once, one compiles and the others wait.
    What a process leaves out, because it failed, is compiled where it is first called.

    Raises NoRoomError where they cannot be kept.
    """
    with _alone():
        if not are_compiled():
            _compile()


def _compile() -> None:
    _check_room(kernel.cache_folder())
    commands = [[sys.executable, "-m", _ALL, str(half)] for half in range(HALVES)]
    processes = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for command in commands]
    statuses = [process.wait() for process in processes]
    if not any(statuses):
        note_compiled()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Within the block no other process compiles, where the file system has locks."""
    path = _mark().with_name("compiling.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _check_room(folder: Path) -> None:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(there).free
    if free < ROOM:
        raise NoRoomError(
            errno.ENOSPC,
            f"{free >> 20:,} MB are free for the compiled kernels, which take up to {ROOM >> 20} MB "
            "(XDG_CACHE_HOME names another folder for them)",
            str(folder),
        )


def _mark() -> Path:
    """The file that notes it. numba's cache holds for one place of the source: a copy of a folder compiles anew."""
    place = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    name = f"compiled-{fingerprint(_ALL)}-numba-{version('numba')}-{platform.machine()}-{place}"
    return kernel.cache_folder() / name
