"""One output, one writer: a lock in OUT that its holder renews, and that says who holds it."""

import contextlib
import os
import posixpath
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import orjson

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.storage import files, layout

_RENEW = 10.0  # seconds
_SAID = {"token", "command", "host", "process", "process_began", "began", "renewed"}
_DEAD = 90.0  # seconds without renewal after which a holder on another machine is taken for dead


@contextlib.contextmanager
def held(out: str, command: str) -> Iterator[None]:
    """Within the block no other command writes to OUT; raises ConfigError, which names the holder, where one does.

    The lock of a holder that is dead is taken over: of this machine, one whose process is gone; of another, one that
    was not renewed for a while.
    """
    path, mine = posixpath.join(out, layout.LOCK), _who(command)
    for _ in range(3):
        if files.put_new(path, orjson.dumps(mine)):
            break
        other = _read(path)
        if other is not None and _is_alive(other):
            since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(other["began"]))
            raise ConfigError(
                f"{out} is being written by `massivetext {other['command']}` (process {other['process']} on "
                f"{other['host']}, since {since}): wait for its end, or choose another --output"
            )
        files.delete(path)
    else:
        raise ConfigError(f"{path}: another command took the lock at the same moment: try again")
    stop = threading.Event()
    renewing = threading.Thread(target=_renew, args=(out, mine, stop), daemon=True)
    renewing.start()
    try:
        yield
    finally:
        stop.set()
        renewing.join()
        if (found := _read(path)) is not None and found["token"] == mine["token"]:
            files.delete(path)


def _who(command: str) -> dict[str, Any]:
    return {
        "token": uuid.uuid4().hex,
        "command": command,
        "host": socket.gethostname(),
        "process": os.getpid(),
        "process_began": _process_began(os.getpid()),
        "began": time.time(),
        "renewed": time.time(),
    }


def _renew(out: str, mine: dict[str, Any], stop: threading.Event) -> None:
    while not stop.wait(_RENEW):
        with contextlib.suppress(OSError):  # an output that cannot be written to stops the run elsewhere
            files.write_bytes(out, layout.LOCK, orjson.dumps({**mine, "renewed": time.time()}))


def _read(path: str) -> dict[str, Any] | None:
    try:
        found = orjson.loads(files.read_bytes(path))
    except (OSError, orjson.JSONDecodeError):
        return None
    return found if isinstance(found, dict) and found.keys() >= _SAID else None


def _is_alive(other: dict[str, Any]) -> bool:
    if other["host"] == socket.gethostname():
        return bool(other["process_began"] == _process_began(other["process"]))
    return bool(time.time() - other["renewed"] < _DEAD)


def _process_began(process: int) -> str | None:
    """When a process of this machine began, by which it is told from a later one of the same number; None: gone."""
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[19]
    except OSError:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return None
        except PermissionError:
            return "alive"
        return "alive"
