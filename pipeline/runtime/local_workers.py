"""Starts and ends the local worker processes of a command: see pipeline.programs.fork_server."""

import argparse
import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime import doing
from massivetext.pipeline.runtime.out_of_memory import in_a_thread
from massivetext.pipeline.runtime.stopping import leave
from massivetext.pipeline.storage.beam_internals import DATA_PLANE_LOGGER
from massivetext.pipeline.storage.memory import share_arenas

_SOCKET = 100  # the most characters of a Unix socket's path, with some to spare
_PATIENCE = 60.0  # seconds that the server has to fork a worker

_LOCAL = {None, "DirectRunner", "FnApiRunner", "SwitchingDirectRunner"}


_WITHOUT_THREADS = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
"""Variables by which numpy and Arrow start no threads of their own: a process that has threads is not safe to fork."""

FORKED = b"forked"
"""The answer of the server when it has forked a worker. Any other answer is an error message."""


@dataclass(frozen=True)
class Asked:
    """Where a command line asks to run. It is read before Beam is imported, which takes seconds."""

    is_local: bool  # whether to start worker processes on this machine
    mode: str  # Beam's name for the mode
    workers: int  # the number of processes; 1 if the command itself does the work
    is_free: bool = True  # whether the command may do the work itself if inputs are small

    @property
    def for_processes(self) -> bool:
        return self.is_local and self.workers > 1

    @classmethod
    def by(cls, arguments: Sequence[str]) -> "Asked":
        """Read Beam's options. The default is a worker process for every core of this machine.

        Raises ConfigError if the number of workers is not a number above 0.
        """
        parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
        parser.add_argument("--runner")
        parser.add_argument("--direct_running_mode")
        parser.add_argument("--direct_num_workers", type=int, default=0)
        try:
            given, _ = parser.parse_known_args(list(arguments))
        except argparse.ArgumentError as error:
            raise ConfigError(str(error)) from error
        is_free = given.direct_running_mode is None and not given.direct_num_workers
        mode = given.direct_running_mode or "multi_processing"
        cores = given.direct_num_workers or len(os.sched_getaffinity(0))
        return cls(given.runner in _LOCAL, mode, 1 if mode == "in_memory" else cores, is_free)


def _after_a_while(error: threading.ExceptHookArgs) -> None:
    time.sleep(2)
    in_a_thread(error)


class Workers:
    """Starts the server of worker processes. Ends the command if a worker does not start or is killed."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        share_arenas()
        # `_stop` reports a lost worker in one line; Beam would print tracebacks afterwards.
        threading.excepthook = _after_a_while
        logging.getLogger(DATA_PLANE_LOGGER).setLevel(logging.CRITICAL)
        self._patience = patience
        self._temporary = tempfile.TemporaryDirectory(prefix="massivetext-", dir=short_folder())
        self.folder = self._temporary.name  # a folder that only this user may enter
        self._address = os.path.join(self.folder, "workers")
        self._server = subprocess.Popen(
            [sys.executable, "-m", "massivetext.pipeline.programs.fork_server", self._address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **_WITHOUT_THREADS},
        )
        self._is_ready, self._is_closed = threading.Event(), threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, variables: Mapping[str, str]) -> Callable[[], None]:
        """Have a worker forked with these variables in its environment, once the server is ready. Returns a function
        that waits for the worker's end."""
        self._is_ready.wait()
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(self._patience)
        try:
            connection.connect(self._address)
            connection.sendall(json.dumps({**os.environ, doing.FOLDER: self.folder, **variables}).encode())
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(1 << 12)
        except TimeoutError:
            self._leave(f"no worker process came within {self._patience:g} seconds")
        except OSError as error:
            self._leave(f"no worker process could be started ({error.strerror})")
        if answer != FORKED:
            self._leave(f"no worker process could be started ({answer.decode() or 'their server has ended'})")
        connection.settimeout(None)

        def wait() -> None:
            with connection, contextlib.suppress(ConnectionError):
                connection.recv(1)

        return wait

    def _listen(self) -> None:
        assert self._server.stdout is not None
        for line in self._server.stdout:
            if line.startswith("died"):
                code, process = map(int, line.split()[1:])
                self._stop("a worker process", code, doing.left(self.folder, process))
            self._is_ready.set()
        if not self._is_closed.is_set():
            self._stop("the server of worker processes", self._server.wait())

    def _stop(self, what: str, code: int, work: str = "") -> None:
        why = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"
        hint = " (out of memory? use fewer workers)" if code == -signal.SIGKILL else ""
        self._leave(f"{what} {why}{hint}{f', working on {work}' if work else ''}")

    def _leave(self, why: str) -> NoReturn:
        leave(why, 1, self.close)

    def close(self) -> None:
        """End the server and its workers, and delete their folder."""
        assert self._server.stdin is not None
        self._is_closed.set()
        if not self._is_ready.is_set():  # it is still importing, and has no workers
            self._server.kill()
        self._server.stdin.close()
        try:
            self._server.wait(self._patience)
        except subprocess.TimeoutExpired:
            self._server.kill()
        self._temporary.cleanup()


def short_folder() -> str | None:
    """Returns the folder in which to make the folder of sockets: TMPDIR, unless its path is too long for a socket."""
    wanted = tempfile.gettempdir()
    if len(os.fsencode(os.path.join(wanted, "massivetext-12345678", "12345678"))) <= _SOCKET:
        return wanted
    for folder in ("/tmp", "/var/tmp", "/dev/shm"):
        if os.access(folder, os.W_OK | os.X_OK):
            return folder
    raise ConfigError(
        f"TMPDIR {wanted}: its path is too long for the sockets of worker processes, and none of /tmp, /var/tmp and "
        "/dev/shm can be written to: set TMPDIR to a folder with a shorter path, or use --direct_num_workers=1"
    )
