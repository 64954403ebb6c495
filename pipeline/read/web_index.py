"""Reads web pages by an index of a crawl: only those records of large archives that the index names.

The index is Parquet with the columns `filename`, `offset` and `length`, or `warc_filename`, `warc_record_offset` and
`warc_record_length` as in Common Crawl's columnar index; or CDXJ, or JSON lines, with the first three. Each range is
one request, and several requests run at a time.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from massivetext.pipeline.read import fields
from massivetext.pipeline.read.formats import json_values, parquet, recognise, warc
from massivetext.pipeline.read.formats.archive import seekable
from massivetext.pipeline.read.formats.decompress import Decompressed
from massivetext.pipeline.read.formats.json_lines import INVALID, window_of
from massivetext.pipeline.read.formats.lines import lines
from massivetext.pipeline.read.record import Failure, Found, Input, Record
from massivetext.pipeline.read.settings import Columns, Limits
from massivetext.pipeline.storage import files

OFFSET, LENGTH = "warc_record_offset|offset", "warc_record_length|length"
COLUMNS = Columns(text="warc_filename|filename", keep=(OFFSET, LENGTH))

Documents = Callable[[warc.Frame, Limits], Found]
"""What the document in a WARC record is."""


class Entry(NamedTuple):
    """A row of the index: its place in the index, and the place of the record that it names."""

    place: int
    filename: str
    offset: int
    length: int

    @property
    def name(self) -> str:
        return f"{self.filename} at {self.offset}"


def read(source: Input, document: Documents) -> Iterator[Found]:
    """Yields the documents of the records that an index names, in its order.

    A document's offset is that of its row in the index. `source_id` is the file and the offset of the record.
    """
    assert source.records is not None, "the source says where its records lie"
    folder = source.records.rstrip("/")
    fetches = (
        partial(_fetched, folder, entry, source.limits)
        for entry in _entries(source)
        if source.is_taken(entry.offset if isinstance(entry, Failure) else entry.place)
    )
    for fetched in files.at_once(folder, fetches):
        yield fetched if isinstance(fetched, Failure) else _found(*fetched, source.limits, document)


def is_divisible(head: bytes) -> bool:
    """Whether an index that begins so can be read in spans: it is not compressed."""
    return recognise.of_head(head, "") in (recognise.PARQUET, recognise.JSON_LINES, recognise.CRAWL_INDEX)


def _entries(source: Input) -> Iterator[Entry | Failure]:
    with seekable(source.stream) as stream:
        source = replace(source, stream=stream, columns=COLUMNS)
        is_parquet = stream.read(len(parquet.MAGIC)) == parquet.MAGIC
        stream.seek(0)
        for found in parquet.read(source) if is_parquet else _lines(source):
            yield found if isinstance(found, Failure) else _entry(found)


def _lines(source: Input) -> Iterator[Record | Failure]:
    """Yields the rows of CDXJ or JSON lines: the object of each line, after a key and a time in CDXJ."""
    for line in lines(window_of(source), source.limits):
        if not source.span.holds(line.offset):
            return
        if isinstance(line, Failure):
            yield line
            continue
        try:
            value = json_values.loads(line.data[max(line.data.find(b"{"), 0) :]).value
            yield fields.record(line.offset, value, COLUMNS, len(line.data))
        except ValueError as error:
            yield Failure(line.offset, f"{INVALID}{error}", len(line.data))


def _entry(row: Record) -> Entry | Failure:
    kept = row.kept or {}
    try:
        offset, length = (int(str(kept.get(name))) for name in (OFFSET, LENGTH))
    except ValueError:
        return Failure(row.offset, f"a row without numbers for its offset and length: {kept}")
    if offset < 0 or length < 1:
        return Failure(row.offset, f"a row with offset {offset} and length {length}")
    if row.text.startswith("/") or "://" in row.text or ".." in row.text.split("/"):
        return Failure(row.offset, f"a row whose file does not lie below `records`: {row.text}")
    return Entry(row.offset, row.text, offset, length)


def _fetched(folder: str, entry: Entry | Failure, limits: Limits) -> tuple[Entry, bytes] | Failure:
    """Yields each row with the bytes of its record, or why these cannot be read."""
    if isinstance(entry, Failure):
        return entry
    if entry.length > limits.record_bytes:
        told = f"{entry.length} bytes, over the limit record_bytes {limits.record_bytes}"
        return Failure(entry.place, f"{entry.name}: {told}")
    try:
        data = files.read_range(f"{folder}/{entry.filename}", entry.offset, entry.length)
    except FileNotFoundError:
        return Failure(entry.place, f"{entry.name}: there is no such file in {folder}")
    if len(data) < entry.length:
        told = f"the file ends after {len(data)} of the record's {entry.length} bytes"
        return Failure(entry.place, f"{entry.name}: {told}")
    return entry, data


def _found(entry: Entry, data: bytes, limits: Limits, document: Documents) -> Found:
    """Returns the document in the bytes that a row names, which must be one record."""
    frames = list(warc.frames(Decompressed(io.BytesIO(data), limits), limits))
    first = frames[0] if frames else Failure(0, "no record")
    if len(frames) > 1 and not isinstance(first, Failure):
        first = next(
            (each for each in frames if isinstance(each, Failure)), Failure(0, "more than one record")
        )
    found = first if isinstance(first, Failure) else document(first, limits)
    if isinstance(found, Failure):
        return Failure(entry.place, f"{entry.name}: {found.error}", entry.length)
    if isinstance(found, Record):
        return found._replace(offset=entry.place, source_id=f"{entry.filename}:{entry.offset}")
    return found
