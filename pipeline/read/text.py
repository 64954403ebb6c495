"""Text that needs no extraction from pages: tables of texts, and files that are a text each.

The file's content tells its format; its name tells delimited values from prose. JSON lines that are not compressed,
and Parquet, can be read in spans.
"""

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module

from massivetext.pipeline.read.formats import recognise
from massivetext.pipeline.read.formats.archive import seekable
from massivetext.pipeline.read.record import Failure, Found, Input

READERS: dict[recognise.Format, str] = {
    recognise.PARQUET: "parquet.read",
    recognise.JSON_LINES: "json_lines.read",
    recognise.JSON_VALUES: "json_lines.read_values",
    recognise.CSV: "delimited.read",
    recognise.TSV: "delimited.read",
    recognise.TEXT: "whole_text.read",
    recognise.LATEX: "whole_text.read",
    recognise.PDF: "pdf.read",
    recognise.DOCX: "office.read_docx",
    recognise.ODT: "office.read_odt",
}
"""The function of `read.formats` that reads each format."""

TABLES = (".json", ".jsonl", ".ndjson", ".parquet")


def read(source: Input) -> Iterator[Found]:
    """The documents of a file. A Record's offset is that of its line or object in the decompressed file, the number
    of its row in Parquet, and 0 where the file is one document."""
    with seekable(source.stream) as stream:
        source = replace(source, stream=stream)
        found = recognise.recognise(stream, source.name, source.limits)
        if found is recognise.TEXT and (why := _is_misnamed(source.name)):
            yield Failure(0, why)
        elif reader := READERS.get(found):
            module, _, function = reader.partition(".")
            # Imported when first used: most runs read one format.
            yield from getattr(import_module(f"massivetext.pipeline.read.formats.{module}"), function)(source)
        elif found != recognise.EMPTY and source.span.holds(0):
            yield Failure(
                0, recognise.refusal(found, "text", "JSON lines, Parquet, CSV, TSV, text, PDF, DOCX and ODT")
            )


def _is_misnamed(name: str) -> str | None:
    """Why a file of prose is not read as a text: its name says that it is a table of texts."""
    suffix = recognise.suffix(name)
    if suffix not in TABLES:
        return None
    return f"named {suffix}, but neither JSON lines nor Parquet: expected an object {{...}} on each line"


def is_divisible(head: bytes) -> bool:
    """Whether a file that begins so can be read in spans: it is not compressed, and no archive."""
    return recognise.of_head(head, "") in (recognise.PARQUET, recognise.JSON_LINES)
