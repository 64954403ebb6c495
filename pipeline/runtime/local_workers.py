"""The local worker processes of one command, see pipeline.programs.fork_server."""

import argparse
import logging
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime.stopping import leave
from massivetext.pipeline.storage.beam_internals import DATA_PLANE_LOGGER

_LOCAL = {None, "DirectRunner", "FnApiRunner", "SwitchingDirectRunner"}


@dataclass(frozen=True)
class Asked:
    """What a command line says of where to work; it is known before Beam is imported, which takes seconds."""

    is_local: bool  # on this machine
    mode: str  # Beam's name for it
    workers: int  # processes; 1 where the command itself does the work

    @property
    def for_processes(self) -> bool:
        return self.is_local and self.workers > 1

    @classmethod
    def by(cls, arguments: Sequence[str]) -> "Asked":
        """Every core of this machine, unless Beam's options say otherwise.

        Raises ConfigError for a number of workers that is none.
        """
        parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
        parser.add_argument("--runner")
        parser.add_argument("--direct_running_mode", default="multi_processing")
        parser.add_argument("--direct_num_workers", type=int, default=0)
        try:
            given, _ = parser.parse_known_args(list(arguments))
        except argparse.ArgumentError as error:
            raise ConfigError(str(error)) from error
        mode = given.direct_running_mode
        cores = given.direct_num_workers or len(os.sched_getaffinity(0))
        return cls(given.runner in _LOCAL, mode, 1 if mode == "in_memory" else cores)


def _after_a_while(error: threading.ExceptHookArgs) -> None:
    time.sleep(2)
    threading.__excepthook__(error)


class Workers:
    """Starts the server of worker processes, and ends the command where a worker is killed."""

    def __init__(self) -> None:
        # Of a worker that is lost, Beam tells in tracebacks what `_stop` says in a line: by then it has.
        threading.excepthook = _after_a_while
        logging.getLogger(DATA_PLANE_LOGGER).setLevel(logging.CRITICAL)
        self._folder = tempfile.TemporaryDirectory(prefix="massivetext-")
        self._address = os.path.join(self._folder.name, "workers")
        self._server = subprocess.Popen(
            [sys.executable, "-m", "massivetext.pipeline.programs.fork_server", self._address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._is_ready = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def command(self) -> str:
        """The command that runs one worker; waits until the server is ready."""
        self._is_ready.wait()
        return _client_command(self._address)

    def _listen(self) -> None:
        assert self._server.stdout is not None
        for line in self._server.stdout:
            if line.startswith("died"):
                self._stop(int(line.split()[1]))
            self._is_ready.set()
        if not self._is_ready.is_set():
            self._stop(1)

    def _stop(self, code: int) -> None:
        why = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"
        hint = " (out of memory? use fewer workers)" if code == -signal.SIGKILL else ""
        leave(f"a worker process {why}{hint}", 1, self.close)

    def close(self) -> None:
        """End the server, with it its workers, and its folder."""
        assert self._server.stdin is not None
        if not self._is_ready.is_set():  # it would import for seconds yet, and has no workers
            self._is_ready.set()  # that it ends now is no failure
            self._server.kill()
        self._server.stdin.close()
        self._server.wait()
        self._folder.cleanup()


_CLIENT = """
import json, os, socket, sys
connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
connection.sendall(json.dumps(dict(os.environ)).encode())
connection.shutdown(socket.SHUT_WR)
sys.exit(int(connection.recv(16) or 1))
"""


def _client_command(address: str) -> str:
    """The command by which Beam's runner asks for one worker, and waits for its end."""
    client = os.path.join(os.path.dirname(address), "client.py")
    if not os.path.exists(client):
        with open(client, "w") as file:
            file.write(_CLIENT)
    # A signal to the whole process group is the command's to answer.
    return f"trap '' INT TERM; exec {shlex.join([sys.executable, '-I', '-S', client, address])}"
