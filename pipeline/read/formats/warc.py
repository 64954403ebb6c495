"""Reads WARC and ARC files as whole records, and goes on after broken ones.

An archive that was cut, overwritten or appended to loses only the records that were hit. Header lines may end in a line
feed alone, and names may be in any case, as in the archives of old crawlers.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from massivetext.pipeline.read.formats import headers
from massivetext.pipeline.read.formats.decompress import OUTPUT, Decompressed
from massivetext.pipeline.read.formats.window import Window
from massivetext.pipeline.read.record import Failure
from massivetext.pipeline.read.settings import Limits

WARC = rb"WARC/\d\.\d+[ \t]*\r?\n"
# URL, which may hold spaces, address, date, type (and in version 2 some more), length
ARC = (
    rb"([A-Za-z][A-Za-z0-9+.-]{0,15}:[^\r\n]{0,8192}?) (?:[0-9A-Fa-f.:]+|-) (\d{8,14})"
    rb" [^\r\n]{0,1024}?(?<= )(\d{1,18})\r?\n"
)
START = re.compile(WARC + b"|" + ARC)
# In the middle of a record, the first line of another proves nothing, since pages may quote it.
FOUND = re.compile(WARC + rb"(?=[A-Za-z-]+[ \t]*: ?[^\r\n]+\r?\n)|(?<=\n)" + ARC)
START_BYTES = 10 << 10  # what FOUND may take
BLANK = re.compile(rb"[\r\n]*")
END = re.compile(rb"\r?\n(?:\r?\n|" + START.pattern + b")")
MAX_HEAD = 64 << 10
LENGTH = re.compile(rb"\nContent-Length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?\n", re.IGNORECASE)
ARC_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")
LINE_ENDS = (b"\r\n\r\n", b"\n\n", b"\r\n", b"\n")


class Frame(NamedTuple):
    """A whole record: its offset and size in the decompressed file, its header fields and its block.

    A record of an ARC file has the fields of the equivalent WARC record.
    """

    offset: int
    size: int
    fields: headers.Fields
    block: bytes


class Extent(NamedTuple):
    """The extent of the record at the window's start: the ends of its header, of its block and of the record."""

    head: int
    block: int
    record: int


def frames(source: Decompressed, limits: Limits) -> Iterator[Frame | Failure]:
    """Yields the records of a WARC or ARC file in order, and a Failure for every stretch that is not a whole record."""
    window = Window(source)
    return window.taken(BLANK, lambda: _take(window, limits))


def _take(window: Window, limits: Limits) -> Frame | Failure:
    """Takes the record at the window's start, or says why there is none. The window then begins with the next."""
    offset = window.offset
    extent = _measure(window, limits)
    if isinstance(extent, Extent):
        with memoryview(window.data) as data:
            head, block = bytes(data[: extent.head]), bytes(data[extent.head : extent.block])
        window.drop(extent.record)
        fields = headers.parse(head) if head.startswith(b"WARC/") else _fields_of_arc(head, block)
        return Frame(offset, extent.block, fields, block)
    _resume(window)
    return Failure(offset, extent, window.offset - offset)


def _resume(window: Window) -> None:
    """Moves the window to the next start of a record, or to the break or the end."""
    window.drop(1)
    more = True
    while more:
        more = window.fill(OUTPUT)
        if found := FOUND.search(window.data):
            window.drop(found.start())
            return
        window.drop(max(len(window.data) - START_BYTES, 0) if more else len(window.data))


def _measure(window: Window, limits: Limits) -> Extent | str:
    """Returns the extent of the record at the window's start, or what is wrong with it."""
    window.fill(MAX_HEAD)
    start = START.match(window.data)
    if not start:
        return (
            f"not a WARC or ARC record: expected a line such as WARC/1.0, found {bytes(window.data[:16])!r}"
        )
    head, length = start.end(), start[3]
    if length is None:
        end = headers.END.search(window.data, head - 2, MAX_HEAD)
        found = end and LENGTH.search(window.data, 0, end.end())
        if not end or not found:
            return "WARC record without a header end and a valid Content-Length"
        if FOUND.search(window.data, head, end.end()):
            return "truncated record: another one begins in its header"
        head, length = end.end(), found[1]
    size = int(length)
    if size > limits.record_bytes:
        return f"record of {size} bytes, over the limit record_bytes {limits.record_bytes}"
    if not window.fill(head + size):
        return f"truncated record: its length is given as {size} bytes, {len(window.data) - head} follow"
    if _ends_at(window, head + size):
        return Extent(head, head + size, head + size)
    return _beyond(window, head, head + size, limits) or (
        f"record whose length, given as {size} bytes, does not lead to its end"
    )


def _ends_at(window: Window, end: int) -> bool:
    """Whether `end` is followed by an empty line, by the next record, or by nothing up to the break or the file's
    end."""
    window.fill(end + START_BYTES)
    if END.match(window.data, end) or START.match(window.data, end):
        return True
    return not window.data[end:].strip()


def _beyond(window: Window, head: int, stated: int, limits: Limits) -> Extent | None:
    """Returns the extent of a record that goes on beyond its stated end, up to the next record or the file's end.

    None if that cannot be known: a record begins before the stated end, or in the middle of a line.
    """
    end, more, searched = None, True, head
    while more and end is None and len(window.data) <= head + limits.record_bytes:
        more = window.fill(len(window.data) + OUTPUT)
        found = FOUND.search(window.data, searched)
        end = found.start() if found else None
        searched = max(head, len(window.data) - START_BYTES)
    if end is None and (more or window.broken):
        return None
    end = len(window.data) if end is None else end
    lines = next((each for each in LINE_ENDS if window.data.endswith(each, stated, end)), b"")
    if end < stated or (end < len(window.data) and not lines):
        return None
    return Extent(head, end - len(lines), end)


def _fields_of_arc(line: bytes, block: bytes) -> headers.Fields:
    """Returns the fields of a WARC record from the line of an ARC record. The file's first record is its warcinfo."""
    said = START.match(line)
    if not said:
        raise AssertionError(f"no start of a record: {line!r}")
    url, date = headers.text(said[1]), said[2].decode()
    fields = {
        "warc-type": ["warcinfo" if url.startswith("filedesc:") else "response"],
        "warc-target-uri": [url],
    }
    if parts := ARC_DATE.fullmatch(date):
        fields["warc-date"] = ["{}-{}-{}T{}:{}:{}Z".format(*parts.groups())]
    if block.startswith(b"HTTP/"):
        fields["content-type"] = ["application/http; msgtype=response"]
    return fields
