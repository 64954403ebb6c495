"""Calls the code of plugins, so that their faults are errors that name the plugin, and stop nothing else.

A call has a time limit. It runs in its own thread, which is given up when the time is over: Python code is interrupted,
and a call of the operating system is left behind. Code that never releases the interpreter's lock, as a regular
expression may, cannot be left behind: then the process prints where it hangs, and ends.
"""

import ctypes
import faulthandler
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from types import TracebackType
from typing import TypeVar

from massivetext.pipeline.read.record import Failure, Found, Input, Reader, Record, Skipped

Made = TypeVar("Made")

AT_ONCE = 64  # the records that one call of a reader returns
MOST_STUCK = 10
"""The most calls of a plugin that may exceed their time in one process. After that it is not called any more."""

_stuck: Counter[str] = Counter()


class PluginError(Exception):
    """A fault of a plugin. The message names the plugin."""


class StuckError(PluginError, TimeoutError):
    """A plugin did not return in time."""


class _Interrupted(BaseException):
    """Raised in code whose time is over. No `except Exception` catches it."""


class _Call(threading.Thread):
    """A call in its own thread."""

    def __init__(self, call: Callable[[], object]) -> None:
        super().__init__(daemon=True, name="plugin")
        self._call = call
        self.made: object = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.made = self._call()
        except Exception as error:
            self.error = error
        except _Interrupted:
            pass

    def interrupt(self) -> None:
        """Raise _Interrupted in the thread, once it executes Python code."""
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(self.ident or 0), ctypes.py_object(_Interrupted)
        )


def called(plugin: str, what: str, seconds: float, call: Callable[[], Made]) -> Made:
    """Returns the result of a call. An exception becomes a PluginError, which names the plugin and the line."""
    thread = _started(plugin, what, seconds, call)
    thread.join(seconds)
    faulthandler.cancel_dump_traceback_later()
    if thread.is_alive():
        raise _given_up(plugin, what, seconds, thread)
    if thread.error is not None:
        raise PluginError(f"{plugin}: {what}: {_told(thread.error, plugin)}") from thread.error
    return thread.made  # type: ignore[return-value]


def reader(plugin: str, kind: str, seconds: float, read: Reader) -> Reader:
    """Returns a plugin's reader with its records checked. Each fault of the reader becomes a Failure."""

    def guarded(source: Input) -> Iterator[Found]:
        records, last = read(source), -1
        while True:
            got: list[object] = []
            more = partial(got.extend, islice(records, AT_ONCE))
            thread = _started(plugin, f"kind {kind}", seconds, more)
            count = -1
            while thread.is_alive() and count != len(got):
                count = len(got)
                thread.join(seconds)
            faulthandler.cancel_dump_traceback_later()
            for one in got:
                if why := _amiss(one, last):
                    yield Failure(-1, f"{plugin}: kind {kind} {why}")
                    continue
                if isinstance(one, Record):
                    last = one.offset
                yield one  # type: ignore[misc]
            if thread.is_alive():
                yield Failure(-1, str(_given_up(plugin, f"kind {kind}", seconds, thread)))
                return
            if thread.error is not None:
                yield Failure(-1, f"{plugin}: kind {kind}: {_told(thread.error, plugin)}")
                return
            if not got:
                return

    return guarded


def _started(plugin: str, what: str, seconds: float, call: Callable[[], object]) -> _Call:
    if _stuck[plugin] >= MOST_STUCK:
        raise StuckError(
            f"{plugin}: {what} is not called any more: {MOST_STUCK} calls did not return in time"
        )
    thread = _Call(call)
    if sys.__stderr__ is not None:
        faulthandler.dump_traceback_later(3 * seconds + 10, exit=True, file=sys.__stderr__)
    thread.start()
    return thread


def _given_up(plugin: str, what: str, seconds: float, thread: _Call) -> StuckError:
    thread.interrupt()
    _stuck[plugin] += 1
    return StuckError(f"{plugin}: {what} did not return within {seconds:g} s (limits.plugin_seconds)")


def _amiss(found: object, last: int) -> str | None:
    """Returns what is wrong with an object that a reader yielded; None if it is right."""
    if isinstance(found, Failure | Skipped):
        return None
    if not isinstance(found, Record):
        return f"yielded a {type(found).__name__}: expected Record, Failure or Skipped"
    if not isinstance(found.text, str):
        return f"yielded a Record whose text is a {type(found.text).__name__}: expected str"
    if not isinstance(found.offset, int) or found.offset <= last:
        return f"yielded the offset {found.offset!r} after {last}: expected increasing integers"
    try:
        found.text.encode()
    except UnicodeEncodeError as error:
        return f"yielded a text that is not Unicode: {error}"
    return None


def _told(error: Exception, plugin: str) -> str:
    """Returns the error, and the line of the plugin that raised it."""
    line = _line(error.__traceback__, plugin)
    return f"{type(error).__name__}: {error}{f' (line {line})' if line else ''}"


def _line(trace: TracebackType | None, plugin: str) -> int | None:
    found = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.rpartition("/")[2] == plugin.removeprefix("plugin "):
            found = trace.tb_lineno
        trace = trace.tb_next
    return found
