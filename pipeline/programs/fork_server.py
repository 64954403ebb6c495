"""A server that forks Beam's local worker processes. A fork starts at once, because everything is imported already.

Beam starts a new Python process for each worker of each pipeline, and each takes seconds to import Beam; a run has
several pipelines. This server imports everything and loads the kernels once, and forks a worker for each request. It
has no other thread (a test counts them) and no gRPC objects, so forking is safe. It ends when its standard input
closes, which happens however the command that started it ends.

The server also reports when a worker was killed. Beam's runner would wait for that worker for ever.
"""

import contextlib
import gc
import json
import logging
import os
import selectors
import signal
import socket
import sys
import threading

logging.disable(logging.ERROR)
"""Beam logs many warnings about things that are in order, and the errors that it raises, which the command tells."""

from massivetext.pipeline.runtime.out_of_memory import in_a_line, in_a_thread  # noqa: E402

sys.excepthook, threading.excepthook = in_a_line, in_a_thread

# Modules that a worker needs, imported before the fork.
import massivetext.filters.compile  # noqa: E402
import massivetext.pipeline.run  # noqa: E402
from massivetext.pipeline.runtime.local_workers import FORKED  # noqa: E402
from massivetext.pipeline.storage.beam_internals import load_worker, run_worker  # noqa: E402
from massivetext.pipeline.storage.memory import share_arenas  # noqa: E402


def main() -> None:
    """Serve on the Unix socket named by the first argument."""
    share_arenas()
    load_worker()
    massivetext.filters.compile.main()
    gc.collect()
    gc.freeze()  # else each worker's collector would write to all objects, and so copy the pages that it shares
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[1])
    listener.listen()
    wake, signalled = socket.socketpair()
    signalled.setblocking(False)
    signal.set_wakeup_fd(signalled.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for number in (signal.SIGINT, signal.SIGTERM):  # the command handles them, and then closes standard input
        signal.signal(number, signal.SIG_IGN)
    clients: dict[int, socket.socket] = {}
    with selectors.DefaultSelector() as selector:
        for ready in (listener, wake, sys.stdin):
            selector.register(ready, selectors.EVENT_READ)
        print("ready", flush=True)
        while True:
            for key, _ in selector.select():
                if key.fileobj is listener:
                    client, _ = listener.accept()
                    _serve(client, clients, [listener, wake, signalled])
                elif key.fileobj is wake:
                    wake.recv(1024)
                    _reap(clients)
                else:
                    for pid in clients:
                        os.kill(pid, signal.SIGKILL)
                        os.waitpid(pid, 0)
                    return


def _serve(client: socket.socket, clients: dict[int, socket.socket], inherited: list[socket.socket]) -> None:
    """Fork a worker for a client, and send it FORKED or the error."""
    with contextlib.suppress(BrokenPipeError):  # it does not ask any more
        try:
            clients[_fork(client, inherited)] = client
            client.sendall(FORKED)
        except OSError as error:
            with client:
                client.sendall(str(error.strerror).encode())


def _fork(client: socket.socket, inherited: list[socket.socket]) -> int:
    request = b"".join(iter(lambda: client.recv(1 << 16), b""))
    pid = os.fork()
    if pid:
        return pid
    for connection in (client, *inherited):
        connection.close()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(json.loads(request))
    status = 0
    try:
        run_worker()
    except BaseException as error:
        in_a_line(type(error), error, error.__traceback__)
        status = 1
    os._exit(status)


def _reap(clients: dict[int, socket.socket]) -> None:
    for pid in list(clients):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            if code:
                print(f"died {code} {pid}", flush=True)
            with clients.pop(pid) as client, contextlib.suppress(BrokenPipeError):  # it does not ask any more
                client.sendall(b".")


if __name__ == "__main__":
    main()
