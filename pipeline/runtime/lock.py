"""One output, one writer: a lock in OUT that its holder renews, and that says who holds it."""

import contextlib
import os
import posixpath
import signal
import socket
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.storage import files, layout

_RENEW = 10.0  # seconds
_SAID = {"token", "command", "host", "process", "process_began", "began", "renewed"}
_DEAD = 90.0  # seconds without renewal after which a holder on another machine is taken for dead


class TakenOverError(Exception):
    """Another command holds the lock by now: this one must not write any more."""


@dataclass(frozen=True)
class Held:
    """A lock that a command holds, and that its workers look at before they write."""

    out: str
    token: str

    def check(self) -> None:
        """Raises TakenOverError, which names the new holder, where the lock is another's."""
        found = _read(posixpath.join(self.out, layout.LOCK))
        if found is None:
            raise TakenOverError(f"{self.out}: its lock is gone. This command writes no more")
        if found["token"] != self.token:
            raise TakenOverError(
                f"{self.out} was taken over by {_told(found)}: this command was taken for dead, and writes no more"
            )


@contextlib.contextmanager
def held(out: str, command: str) -> Iterator[Held]:
    """Within the block no other command writes to OUT; raises ConfigError, which names the holder, where one does.

    The lock of a holder that is dead is taken over: of this machine, one whose process is gone; of another, one that
    was not renewed for a while. A holder that was taken for dead, and is not, ends when it notices.
    """
    path, mine = posixpath.join(out, layout.LOCK), _who(command)
    for _ in range(3):
        if files.put_new(path, orjson.dumps(mine)):
            break
        other = _read(path)
        if other is not None and _is_alive(other):
            raise ConfigError(
                f"{out} is being written by {_told(other)}: wait for its end, or choose another --output"
            )
        files.delete(path)
    else:
        raise ConfigError(f"{path}: another command took the lock at the same moment: try again")
    stop = threading.Event()
    renewing = threading.Thread(target=_renew, args=(out, mine, stop), daemon=True)
    renewing.start()
    try:
        yield Held(out, mine["token"])
    finally:
        stop.set()
        renewing.join()
        if (found := _read(path)) is not None and found["token"] == mine["token"]:
            files.delete(path)


def _told(other: dict[str, Any]) -> str:
    """A holder, for people."""
    since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(other["began"]))
    return f"`massivetext {other['command']}` (process {other['process']} on {other['host']}, since {since})"


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
    """Renew the lock now and then; end the command where it is another's by then."""
    holder = Held(out, mine["token"])
    while not stop.wait(_RENEW):
        try:
            holder.check()
        except TakenOverError as error:
            print(f"massivetext: {error}", file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGTERM)
            return
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
