"""Lock: lets only one command write to an output. A file in OUT names the holder, who renews it."""

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
_DEAD = 90.0  # seconds without renewal after which a holder on another machine counts as dead


class TakenOverError(Exception):
    """Another command has taken the lock, so this one must not write any more."""


@dataclass(frozen=True)
class Held:
    """A lock that a command holds. Its workers check the lock before they write."""

    out: str
    token: str

    def check(self) -> None:
        """Raises TakenOverError, which names the new holder, if another command has the lock."""
        found = _read(posixpath.join(self.out, layout.LOCK))
        if found is None:
            raise TakenOverError(
                f"{self.out}: the lock was deleted, so this command stops writing: start it again"
            )
        if found["token"] != self.token:
            raise TakenOverError(
                f"{self.out} was taken over by {_told(found)}: this command counted as dead, and stops writing"
            )


@contextlib.contextmanager
def held(out: str, command: str) -> Iterator[Held]:
    """Hold the lock of OUT within the block. Raises ConfigError, which names the holder, if another command has it.

    The lock of a dead holder is taken over. A holder on this machine is dead if its process is gone; one on another
    machine, if it has not renewed the lock for a while. A holder that counts as dead, but is not, ends when it notices.
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
    """Describes a holder, for people."""
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
    """Renew the lock at intervals, and end the command if another has taken it."""
    holder = Held(out, mine["token"])
    while not stop.wait(_RENEW):
        try:
            holder.check()
        except TakenOverError as error:
            print(f"massivetext: {error}", file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGTERM)
            return
        with contextlib.suppress(OSError):  # if the output cannot be written to, the run stops elsewhere
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
    """Returns when a process of this machine began, which distinguishes processes with the same number; None: gone."""
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
