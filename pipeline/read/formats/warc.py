"""WARC and ARC files as whole records, going on after whatever is broken.

fastwarc parses a record. This file finds where one begins and ends, since an archive that was cut,
overwritten or appended to must lose the record that was hit and no other.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from massivetext.pipeline.config.reading import Limits
from massivetext.pipeline.read.formats.decompress import OUTPUT, Decompressed
from massivetext.pipeline.read.formats.window import Window
from massivetext.pipeline.read.record import Failure

WARC = rb"WARC/\d\.\d+\r?\n"
ARC = (
    rb"[a-z]+:[^ \r\n]* [0-9A-Fa-f.:]+ \d{8,14} [^\r\n]* (\d+)\r?\n"  # URL, address, date, type, ..., length
)
START = re.compile(WARC + b"|" + ARC)
# Where no record is due, its first line alone proves nothing: pages quote it.
FOUND = re.compile(WARC + rb"(?=[A-Za-z-]+: ?[^\r\n]+\r?\n)|(?<=\n)" + ARC)
START_BYTES = 8 << 10  # what FOUND may take
BLANK = re.compile(rb"[\r\n]*")
END = re.compile(rb"\r?\n(?:\r?\n|" + START.pattern + b")")
HEAD_END = re.compile(rb"\r?\n\r?\n")
MAX_HEAD = 64 << 10
LENGTH = re.compile(rb"\nContent-Length:[ \t]*(\d{1,18})[ \t]*\r?\n", re.IGNORECASE)


class Frame(NamedTuple):
    """A whole record, header and block, and its offset in the decompressed file."""

    offset: int
    record: bytes


def frames(source: Decompressed, limits: Limits) -> Iterator[Frame | Failure]:
    """The records of a WARC or ARC file in order; a Failure for every stretch that is not a whole record."""
    window = Window(source)
    return window.taken(BLANK, lambda: _take(window, limits))


def _take(window: Window, limits: Limits) -> Frame | Failure:
    """The record at the window's start, or why there is none; the window goes on to the next."""
    offset = window.offset
    size = _measure(window, limits)
    if isinstance(size, int):
        frame = Frame(offset, bytes(memoryview(window.data)[:size]))
        window.drop(size)
        return frame
    _resume(window)
    return Failure(offset, size, window.offset - offset)


def _resume(window: Window) -> None:
    """Goes on to the next start of a record, or to the break or the end."""
    window.drop(1)
    more = True
    while more:
        more = window.fill(OUTPUT)
        if found := FOUND.search(window.data):
            window.drop(found.start())
            return
        window.drop(max(len(window.data) - START_BYTES, 0) if more else len(window.data))


def _measure(window: Window, limits: Limits) -> int | str:
    """How many bytes the record at the window's start takes, or what is wrong with it."""
    window.fill(MAX_HEAD)
    start = START.match(window.data)
    if not start:
        return (
            f"not a WARC or ARC record: expected a line such as WARC/1.0, found {bytes(window.data[:16])!r}"
        )
    head, length = start.end(), start
    if start[1] is None:
        end = HEAD_END.search(window.data, head - 2, MAX_HEAD)
        found = end and LENGTH.search(window.data, 0, end.end())
        if not end or not found:
            return "WARC record without a header end and a valid Content-Length"
        if FOUND.search(window.data, head, end.end()):
            return "truncated record: another one begins in its header"
        head, length = end.end(), found
    size = int(length[1])
    if size > limits.record_bytes:
        return f"record of {size} bytes, over the limit record_bytes {limits.record_bytes}"
    if not window.fill(head + size):
        return f"truncated record: its length is given as {size} bytes, {len(window.data) - head} follow"
    if not _ends_at(window, head + size):
        return f"record whose length, given as {size} bytes, does not lead to its end"
    return head + size


def _ends_at(window: Window, end: int) -> bool:
    """Whether an empty line follows at `end`, or the next record, or nothing up to the break or end."""
    window.fill(end + START_BYTES)
    if END.match(window.data, end) or START.match(window.data, end):
        return True
    return not window.data[end:].strip()
