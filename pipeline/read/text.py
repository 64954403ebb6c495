"""Text that needs no extraction: JSONL, compressed or not, and Parquet.

JSONL that is not compressed, and Parquet, can be read in spans: a line belongs to the span in which it begins, a
row group to that in which its first column does.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import orjson

from massivetext.pipeline.read.capture_date import capture_date
from massivetext.pipeline.read.formats import parquet
from massivetext.pipeline.read.formats.decompress import OUTPUT, Decompressed
from massivetext.pipeline.read.formats.window import Window
from massivetext.pipeline.read.record import Failure, Input, Record
from massivetext.pipeline.read.settings import Columns, Limits

OBJECT = re.compile(rb"^[ \t\r]*\{", re.MULTILINE)
BLANK = re.compile(rb"(?:[ \t\r]*\n)*")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NAMES_SHOWN = 12


class Line(NamedTuple):
    """A line without its end, and its offset in the decompressed file."""

    offset: int
    data: bytes


class FieldError(ValueError):
    """A record without a text in the field where it should be."""


def read(source: Input) -> Iterator[Record | Failure]:
    """The documents of a JSONL or Parquet file.

    A Record's offset is that of its line in the decompressed file, or the number of its row.
    `source.columns` names the fields; a dotted name leads into nested ones.
    """
    is_parquet = source.stream.read(len(parquet.MAGIC)) == parquet.MAGIC
    source.stream.seek(0)
    return parquet.read(source) if is_parquet else read_lines(source)


def read_lines(source: Input) -> Iterator[Record | Failure]:
    """The documents of a JSONL file; blank lines are passed over."""
    window = _window(source)
    window.fill(OUTPUT)
    if source.span.holds(0) and window.data.strip() and not window.broken and not OBJECT.search(window.data):
        found = bytes(window.data[:16])
        yield Failure(
            0, f"neither JSON lines nor Parquet: expected an object {{...}} on each line, found {found!r}"
        )
        return
    for line in lines(window, source.limits):
        if not source.span.holds(line.offset):
            return
        if isinstance(line, Failure):
            yield line
        elif line.data.strip():  # the last line may be blank without an end
            yield _record(line, source.columns)


def is_divisible(head: bytes) -> bool:
    """Whether a file that begins so can be read in spans: it is not compressed, and no archive."""
    return head.startswith(parquet.MAGIC) or OBJECT.match(head) is not None


def _window(source: Input) -> Window:
    """The file from the first line that begins in the span."""
    before = source.span.start - 1
    if before < 0:
        return Window(Decompressed(source.stream, source.limits))
    source.stream.seek(before)
    window = Window(source.stream, before)
    while window.fill(1):
        end = window.data.find(b"\n")
        window.drop(len(window.data) if end < 0 else end + 1)
        if end >= 0:
            break
    return window


def lines(window: Window, limits: Limits) -> Iterator[Line | Failure]:
    """The lines of a file, without blank ones; a Failure for each over the limit and each cut by a break."""
    return window.taken(BLANK, lambda: _take(window, limits))


def _take(window: Window, limits: Limits) -> Line | Failure:
    """The line at the window's start; the window goes on to the next."""
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


def _record(line: Line, columns: Columns) -> Record | Failure:
    try:
        fields = orjson.loads(line.data.removeprefix(BYTE_ORDER_MARK) if line.offset == 0 else line.data)
        if not isinstance(fields, dict):
            raise FieldError(f"a JSON object expected on each line, found {_kind(fields)}")
        text = _field(fields, columns.text)
        if not isinstance(text, str):
            names = ", ".join(list(fields)[:NAMES_SHOWN])
            raise FieldError(
                f"field {columns.text!r} should hold the text, is {_kind(text)} (fields: {names})"
            )
    except (orjson.JSONDecodeError, FieldError) as error:
        what = "invalid JSON: " if isinstance(error, orjson.JSONDecodeError) else ""
        return Failure(line.offset, f"{what}{error}", len(line.data))
    paths = (columns.url, columns.title, columns.licence, columns.captured)
    optional = (_field(fields, path) for path in paths)
    url, title, licence, captured = (value if isinstance(value, str) else None for value in optional)
    return Record(line.offset, text, url, title, licence, captured=capture_date(captured))


def _field(fields: dict[str, object], path: str) -> object:
    """The value of a field, or of one nested in others: `meta.url`; None where there is none."""
    value: object = fields
    if path in fields:
        return fields[path]
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _kind(value: object) -> str:
    return "missing or null" if value is None else f"of type {type(value).__name__}"
