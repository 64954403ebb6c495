"""CSV and TSV: a document for each row, its fields named by the first row.

The delimiter is the one of comma, tab, semicolon and bar by which the first row names the text's field. A field
in double quotes may hold delimiters, line ends and, doubled, quotes. Offset: that of the row.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from massivetext.pipeline.read import fields
from massivetext.pipeline.read.formats.charset import decode_text
from massivetext.pipeline.read.formats.decompress import Decompressed
from massivetext.pipeline.read.formats.lines import Line, lines
from massivetext.pipeline.read.formats.utf16 import utf8
from massivetext.pipeline.read.formats.window import Window
from massivetext.pipeline.read.record import Failure, Input, Record
from massivetext.pipeline.read.settings import Columns, Limits

DELIMITERS = (",", "\t", ";", "|")
NOTHING = re.compile(rb"(?!)")  # blank lines may stand in a quoted field
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
INNER_RETURN = "\u0100"  # for a carriage return within a line, which csv refuses; no byte is this character
MOST_FIELDS = 1 << 31  # characters; `record_bytes` limits a row as a whole


class Row(NamedTuple):
    """The fields of a row as they stand in the file, one character a byte; its offset and its bytes."""

    offset: int
    values: list[str]
    size: int


def read(source: Input) -> Iterator[Record | Failure]:
    """The documents of a CSV or TSV file."""
    csv.field_size_limit(MOST_FIELDS)
    found = lines(Window(utf8(Decompressed(source.stream, source.limits))), source.limits, NOTHING)
    header = next((line for line in found if isinstance(line, Failure) or line.data.strip()), None)
    if header is None or isinstance(header, Failure):
        yield from [] if header is None else [header]
        return
    names, delimiter = _header(header.data, source.columns.text)
    if source.columns.text not in names:
        yield Failure(0, fields.no_text(source.columns.text, None, names), len(header.data))
        return
    for row in _rows(found, delimiter, len(names), source.limits):
        yield row if isinstance(row, Failure) else _record(row, names, source.columns)


def _header(line: bytes, text: str) -> tuple[list[str], str]:
    """The names of the fields and the delimiter: the one that names `text`, else the one of most fields."""
    plain = decode_text(line.removeprefix(BYTE_ORDER_MARK)).text.rstrip("\r")
    choices = [(next(csv.reader([plain], delimiter=each), []), each) for each in DELIMITERS]
    return max(choices, key=lambda choice: (text in choice[0], len(choice[0])))


def _rows(
    found: Iterator[Line | Failure], delimiter: str, width: int, limits: Limits
) -> Iterator[Row | Failure]:
    """The rows of the lines. A row that is over the limit, or of another number of fields, costs its first line
    alone: an unpaired quote takes no other row with it."""
    waiting: deque[Line | Failure] = deque()  # lines that are to be read before those of `found`
    while True:
        taken: list[Line] = []
        values, failure = _row(waiting, found, delimiter, limits, taken)
        if failure is not None:
            if taken:
                yield Failure(taken[0].offset, "a quoted field has no end", len(taken[0].data))
                waiting.extendleft([failure, *reversed(taken[1:])])
            else:
                yield failure
            continue
        if not taken:
            return
        first = taken[0]
        if values is None or len(values) > width:
            reason = (
                "a quoted field has no end"
                if values is None
                else f"a row of {len(values)} fields, where the first row names {width}"
            )
            yield Failure(first.offset, reason, len(first.data))
            waiting.extendleft(reversed(taken[1:]))
        elif values:
            yield Row(first.offset, values, sum(len(line.data) + 1 for line in taken))


def _row(
    waiting: deque[Line | Failure],
    found: Iterator[Line | Failure],
    delimiter: str,
    limits: Limits,
    taken: list[Line],
) -> tuple[list[str] | None, Failure | None]:
    """The values of the next row, whose lines are put into `taken`: None where it has no end; or a Failure that
    stands among its lines."""
    failures: list[Failure] = []
    size = 0

    def feed() -> Iterator[str]:
        nonlocal size
        while True:
            line = waiting.popleft() if waiting else next(found, None)
            if line is None:
                return
            if isinstance(line, Failure):
                failures.append(line)
                return
            taken.append(line)
            size += len(line.data)
            if size > limits.record_bytes:
                return
            characters = line.data.decode("latin-1")
            end = "\r\n" if characters.endswith("\r") else "\n"
            yield characters.removesuffix("\r").replace("\r", INNER_RETURN) + end

    reader = csv.reader(feed(), delimiter=delimiter, strict=True)
    try:
        values = next(reader, [])
    except csv.Error:
        values = None
    return values, failures[0] if failures else None


def _record(row: Row, names: Sequence[str], columns: Columns) -> Record | Failure:
    """The row's record. Fields that are not UTF-8 are decoded by the encoding that all of the row looks like."""
    raw = [value.replace(INNER_RETURN, "\r").encode("latin-1") for value in row.values]
    raw[-1] = raw[-1].removesuffix(b"\r")
    charset = decode_text(b"\n".join(raw))
    values = [value.decode(charset.charset, "replace") for value in raw]
    found = fields.record(row.offset, dict(zip(names, values, strict=False)), columns, row.size)
    if isinstance(found, Failure):
        return found
    return found._replace(charset=charset.charset, charset_origin=charset.origin)
