"""CSV and TSV: a document for each row, its fields named by the first row.

The delimiter is the one of comma, tab, semicolon and bar by which the first row names the text's field. A field
in double quotes may hold delimiters, line ends and quotes, doubled or behind a backslash. Offset: that of the row.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from massivetext.pipeline.read import fields
from massivetext.pipeline.read.formats.charset import decode_text
from massivetext.pipeline.read.formats.decompress import Decompressed
from massivetext.pipeline.read.formats.lines import Line, lines
from massivetext.pipeline.read.formats.wide import encoding_of, lines_ended
from massivetext.pipeline.read.formats.window import Window
from massivetext.pipeline.read.record import Failure, Input, Record
from massivetext.pipeline.read.settings import Columns, Limits

DELIMITERS = (",", "\t", ";", "|")
NOTHING = re.compile(rb"(?!)")  # a quoted field may hold blank lines
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
INNER_RETURN = (
    "\u0100"  # replaces a carriage return in a line, which csv refuses; no byte decodes to this character
)
MOST_FIELDS = 1 << 31  # characters; `record_bytes` limits a row as a whole


SEPARATOR = re.compile(rb"(?:\xef\xbb\xbf)?sep=.?\r?", re.IGNORECASE)
NAMES = re.compile(rb'[\w."-]+(?:[,;|\t][\w."-]+)+')


class Row(NamedTuple):
    """The fields of a row as in the file, one character for each byte; its offset and its bytes."""

    offset: int
    values: list[str]
    size: int


@dataclass(frozen=True)
class Written:
    """How a row's fields are divided."""

    delimiter: str
    has_quotes: bool = True
    has_escapes: bool = False  # backslashes before quotes, which then are not doubled

    def reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """The rows of some lines. Raises csv.Error."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            strict=True,
            quoting=csv.QUOTE_MINIMAL if self.has_quotes else csv.QUOTE_NONE,
            doublequote=not self.has_escapes,
            escapechar="\\" if self.has_escapes else None,
        )


def read(source: Input) -> Iterator[Record | Failure]:
    """Yields the documents of a CSV or TSV file."""
    csv.field_size_limit(MOST_FIELDS)
    stream = lines_ended(Decompressed(source.stream, source.limits))
    found = lines(Window(stream), source.limits, NOTHING)
    header = next((line for line in found if isinstance(line, Failure) or _names_fields(line.data)), None)
    if header is None or isinstance(header, Failure):
        yield from [] if header is None else [header]
        return
    names, delimiter = header_of(header.data, source.columns.text)
    there = [name for name in source.columns.text.split("|") if name in names] or (
        [source.columns.text] if source.columns.text in names else []
    )
    if not there:
        yield Failure(0, fields.no_text(source.columns.text, None, names), len(header.data))
        return
    if names.count(there[0]) > 1:
        yield Failure(0, f"the first row names the field {there[0]!r} more than once", len(header.data))
        return
    for row in _rows(found, delimiter, len(names), source.limits):
        yield row if isinstance(row, Failure) else _record(row, names, source.columns)


def is_table(head: bytes, text: str) -> bool:
    """Whether a file that is not named as a table begins as one: with a row of several names, one of them the text's,
    and a row of as many fields."""
    if encoding := encoding_of(head):
        head = head.decode(encoding, "replace").encode()
    first, _, rest = head.removeprefix(BYTE_ORDER_MARK).replace(b"\r", b"\n").partition(b"\n")
    names, delimiter = header_of(first, text)
    if len(names) < 2 or not NAMES.fullmatch(first) or all(name not in names for name in text.split("|")):
        return False
    lines = rest.decode("latin-1").lstrip("\n").split("\n")
    try:
        return len(next(Written(delimiter).reader(line + "\n" for line in lines), [])) == len(names)
    except csv.Error:
        return False


def header_of(line: bytes, text: str) -> tuple[list[str], str]:
    """Returns the names of the fields, and the delimiter that gives a field `text`, else the one that gives most
    fields."""
    plain = decode_text(line.removeprefix(BYTE_ORDER_MARK)).text.rstrip("\r").replace("\r", INNER_RETURN)
    wanted = {text, *text.split("|")}
    choices = [([name.strip() for name in _split(plain, each)], each) for each in DELIMITERS]
    return max(choices, key=lambda choice: (not wanted.isdisjoint(choice[0]), len(choice[0])))


def _split(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def _names_fields(line: bytes) -> bool:
    """Whether a line is the first row: neither blank nor Excel's `sep=;`."""
    return bool(line.strip()) and not SEPARATOR.fullmatch(line)


def _rows(
    found: Iterator[Line | Failure], delimiter: str, width: int, limits: Limits
) -> Iterator[Row | Failure]:
    """Yields the rows of the lines. If a row is over the limit or has another number of fields, only its first line is
    lost, so an unpaired quote costs no other row."""
    waiting: deque[Line | Failure] = deque()  # lines to read before those of `found`
    while True:
        taken: list[Line] = []
        values, failure = _row(waiting, found, Written(delimiter), limits, taken)
        if taken and (failure or values is None or len(values) > width):
            for written in _otherwise(taken[0].data, delimiter):
                waiting.extendleft([*([failure] if failure else []), *reversed(taken)])
                taken = []
                values, failure = _row(waiting, found, written, limits, taken)
                if failure is None and values is not None and len(values) == width:
                    break
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


def _otherwise(line: bytes, delimiter: str) -> Iterator[Written]:
    """How else a row may be written that begins with this line: with backslashes before quotes, as Spark and MySQL
    write, or, between tabs, without quotes that mean anything."""
    if b'\\"' in line:
        yield Written(delimiter, has_escapes=True)
    if delimiter == "\t":
        yield Written(delimiter, has_quotes=False)


def _row(
    waiting: deque[Line | Failure],
    found: Iterator[Line | Failure],
    written: Written,
    limits: Limits,
    taken: list[Line],
) -> tuple[list[str] | None, Failure | None]:
    """Returns the values of the next row, and puts its lines into `taken`. Returns None if the row has no end, or a
    Failure that is among its lines."""
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

    try:
        values = next(written.reader(feed()), [])
    except csv.Error:
        values = None
    return values, failures[0] if failures else None


def _record(row: Row, names: Sequence[str], columns: Columns) -> Record | Failure:
    """Returns the row's record. Fields that are not UTF-8 are decoded by the encoding that the whole row seems to
    have."""
    raw = [value.replace(INNER_RETURN, "\r").encode("latin-1") for value in row.values]
    raw[-1] = raw[-1].removesuffix(b"\r")
    charset = decode_text(b"\n".join(raw))
    values = [value.decode(charset.charset, "replace") for value in raw]
    found = fields.record(row.offset, dict(zip(names, values, strict=False)), columns, row.size)
    if isinstance(found, Failure):
        return found
    return found._replace(charset=charset.charset, charset_origin=charset.origin)
