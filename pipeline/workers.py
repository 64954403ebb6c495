"""The local worker processes of one command, see pipeline.worker_server."""

import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

from pipeline.stopping import leave


def _after_a_while(error: threading.ExceptHookArgs) -> None:
    time.sleep(2)
    threading.__excepthook__(error)


class Workers:
    """Starts the server of worker processes, and ends the command where a worker is killed."""

    def __init__(self) -> None:
        # Of a worker that is lost, Beam tells in tracebacks what `_stop` says in a line: by then it has.
        threading.excepthook = _after_a_while
        logging.getLogger("apache_beam.runners.worker.data_plane").setLevel(logging.CRITICAL)
        self._folder = tempfile.TemporaryDirectory(prefix="massivetext-")
        self._address = os.path.join(self._folder.name, "workers")
        self._server = subprocess.Popen(
            [sys.executable, "-m", "pipeline.worker_server", self._address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._is_ready = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def command(self) -> str:
        """The command that runs one worker; waits until the server is ready."""
        from pipeline.worker_server import client_command

        self._is_ready.wait()
        return client_command(self._address)

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
        self._server.stdin.close()
        self._server.wait()
        self._folder.cleanup()
