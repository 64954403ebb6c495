"""Reads the lines of a file, each with its offset, in bounded memory."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from massivetext.pipeline.read.formats.window import Window
from massivetext.pipeline.read.record import Failure
from massivetext.pipeline.read.settings import Limits

BLANK = re.compile(rb"(?:[ \t\r]*\n)*")


class Line(NamedTuple):
    """A line without its end, and its offset in the decompressed file."""

    offset: int
    data: bytes


def lines(window: Window, limits: Limits, blank: re.Pattern[bytes] = BLANK) -> Iterator[Line | Failure]:
    """Yields the lines of a file, without blank ones, and a Failure for each line over the limit or cut by a break."""
    return window.taken(blank, lambda: _take(window, limits))


def _take(window: Window, limits: Limits) -> Line | Failure:
    """Takes the line at the window's start. The window then begins with the next."""
    offset, searched, whole = window.offset, 0, True
    while (end := window.data.find(b"\n", searched)) < 0:
        searched = len(window.data)
        if searched > limits.record_bytes:
            window.drop(searched)
            searched = 0
        if not window.fill(searched + 1):
            end, whole = searched, window.broken is None
            break
    size = window.offset + end - offset
    data = bytes(memoryview(window.data)[:end]) if size <= limits.record_bytes else b""
    window.drop(min(end + 1, len(window.data)))
    if size > limits.record_bytes:
        return Failure(
            offset, f"line of {size} bytes, over the limit record_bytes {limits.record_bytes}", size
        )
    return Line(offset, data) if whole else Failure(offset, f"line cut off after {size} bytes", size)
