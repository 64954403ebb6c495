"""Stops a command before its work is done. It can end at once, since no file is ever half-written under its name."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NoReturn

from rich.console import Console

from massivetext.pipeline.runtime.clean import say

_WHY = {signal.SIGINT: "stopped by Ctrl-C", signal.SIGTERM: "stopped by SIGTERM"}
KEPT = "Finished parts are kept: the same command goes on."


@contextlib.contextmanager
def stoppable(console: Console, close: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM within the block end the command with exit status 130 and 143, and say how to go on.

    `close` ends the command's own processes.
    """

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in _WHY:
            signal.signal(each, signal.SIG_IGN)
        console.show_cursor(True)  # a progress bar hides it
        leave(_WHY[signal.Signals(number)], 128 + number, close)

    before = {each: signal.signal(each, stop) for each in _WHY}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def leave(why: str, status: int, close: Callable[[], None]) -> NoReturn:
    """End this process now. Else Beam's runner would wait for its workers for ever, and its threads would complain."""
    say(f"massivetext: {why}. {KEPT}", err=True)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    close()
    os._exit(status)
