"""Text that needs no extraction from pages: tables of texts, and files that are a text each.

The file's content tells its format. Delimited values are told from prose by the file's name, or by a first row that
names the field of the text. JSON lines that are not compressed,
and Parquet, can be read in spans.
"""

from collections.abc import Iterator
from dataclasses import replace

from massivetext.pipeline.read.formats import readers, recognise
from massivetext.pipeline.read.formats.archive import seekable
from massivetext.pipeline.read.formats.decompress import BrokenError, Decompressed
from massivetext.pipeline.read.formats.delimited import is_table
from massivetext.pipeline.read.record import Failure, Found, Input

READERS = {**readers.TABLES, **readers.DOCUMENTS, **readers.TEXTS}

TABLE_NAMES = (".json", ".jsonl", ".ndjson", ".parquet")


def read(source: Input) -> Iterator[Found]:
    """The documents of a file. A Record's offset is that of its line or object in the decompressed file, the number
    of its row in Parquet, and 0 where the file is one document."""
    with seekable(source.stream) as stream:
        source = replace(source, stream=stream)
        found = recognise.recognise(stream, source.name, source.limits)
        if found is recognise.TEXT and is_table(_head(source), source.columns.text):
            found = recognise.CSV
        if found is recognise.TEXT and (why := _is_misnamed(source.name)):
            yield Failure(0, why)
        elif reader := READERS.get(found):
            yield from reader(source)
        elif found != recognise.EMPTY and source.span.holds(0):
            yield Failure(
                0, recognise.refusal(found, "text", "JSON lines, Parquet, CSV, TSV, text, PDF, DOCX and ODT")
            )


def _head(source: Input) -> bytes:
    source.stream.seek(0)
    try:
        return Decompressed(source.stream, source.limits).read(recognise.HEAD)
    except BrokenError:
        return b""
    finally:
        source.stream.seek(0)


def _is_misnamed(name: str) -> str | None:
    """Why a file of prose is not read as a text: its name says that it is a table of texts."""
    suffix = recognise.suffix(name)
    if suffix not in TABLE_NAMES:
        return None
    return f"named {suffix}, but neither JSON lines nor Parquet: expected an object {{...}} on each line"


def is_divisible(head: bytes) -> bool:
    """Whether a file that begins so can be read in spans: it is not compressed, and no archive."""
    return recognise.of_head(head, "") in (recognise.PARQUET, recognise.JSON_LINES)
