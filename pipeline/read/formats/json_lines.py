"""Reads JSON lines, with an object on each line, and other files of JSON objects, such as arrays.

Uncompressed JSON lines can be read in spans. A line belongs to the span in which it begins.
"""

from collections.abc import Iterator

from massivetext.pipeline.read import fields
from massivetext.pipeline.read.formats import json_values
from massivetext.pipeline.read.formats.decompress import Decompressed
from massivetext.pipeline.read.formats.lines import Line, lines
from massivetext.pipeline.read.formats.wide import utf8
from massivetext.pipeline.read.formats.window import Window
from massivetext.pipeline.read.record import Failure, Input, Record
from massivetext.pipeline.read.settings import Columns

INVALID = "invalid JSON: "


def read(source: Input) -> Iterator[Record | Failure]:
    """Yields the documents of a file of JSON lines, and ignores blank lines. Offset: that of the line.

    Each of several objects on one line is a document, with the offset of the object.
    """
    for line in lines(window_of(source), source.limits):
        if not source.span.holds(line.offset):
            return
        if isinstance(line, Failure):
            yield line
        elif line.data.strip():  # the last line may be blank without an end
            yield from _records(line, source.columns)


def read_values(source: Input) -> Iterator[Record | Failure]:
    """Yields the documents of a file whose objects are in an array or span several lines. Offset: that of the
    object."""
    window = Window(utf8(Decompressed(source.stream, source.limits)))
    for value in json_values.split(window, source.limits):
        yield value if isinstance(value, Failure) else _record(value.offset, value.data, source.columns)


def window_of(source: Input) -> Window:
    """Returns the file from the first line that begins in the span."""
    before = source.span.start - 1
    if before < 0:
        return Window(utf8(Decompressed(source.stream, source.limits)))
    source.stream.seek(before)
    window = Window(source.stream, before)
    while window.fill(1):
        end = window.data.find(b"\n")
        window.drop(len(window.data) if end < 0 else end + 1)
        if end >= 0:
            break
    return window


def _records(line: Line, columns: Columns) -> Iterator[Record | Failure]:
    found = _record(line.offset, line.data, columns)
    if isinstance(found, Failure) and found.error.startswith(INVALID):
        values = json_values.objects_of(line.data, line.offset)
        if values and values[0].data != line.data:
            yield from (_record(each.offset, each.data, columns) for each in values)
            return
    yield found


def _record(offset: int, data: bytes, columns: Columns) -> Record | Failure:
    try:
        value, charset, origin = json_values.loads(data)
    except ValueError as error:
        return Failure(offset, f"{INVALID}{error}", len(data))
    found = fields.record(offset, value, columns, len(data))
    if charset is None or isinstance(found, Failure):
        return found
    return found._replace(charset=charset, charset_origin=origin)
