"""The function that reads each format, imported when it is first used: most runs read one format."""

from collections.abc import Mapping

from massivetext.pipeline.read.formats import recognise
from massivetext.pipeline.read.formats.recognise import Format
from massivetext.pipeline.read.kinds.kind import later
from massivetext.pipeline.read.record import Reader

TABLES: Mapping[Format, Reader] = {
    recognise.PARQUET: later("massivetext.pipeline.read.formats.parquet", "read"),
    recognise.JSON_LINES: later("massivetext.pipeline.read.formats.json_lines", "read"),
    recognise.JSON_VALUES: later("massivetext.pipeline.read.formats.json_lines", "read_values"),
    recognise.CSV: later("massivetext.pipeline.read.formats.delimited", "read"),
    recognise.TSV: later("massivetext.pipeline.read.formats.delimited", "read"),
}
"""Of formats that hold a document in each row or line."""

DOCUMENTS: Mapping[Format, Reader] = {
    recognise.PDF: later("massivetext.pipeline.read.formats.pdf", "read"),
    recognise.DOCX: later("massivetext.pipeline.read.formats.office", "read_docx"),
    recognise.ODT: later("massivetext.pipeline.read.formats.office", "read_odt"),
}
"""Of formats whose files are a document each."""

TEXTS: Mapping[Format, Reader] = {
    recognise.TEXT: later("massivetext.pipeline.read.formats.whole_text", "read"),
    recognise.LATEX: later("massivetext.pipeline.read.formats.whole_text", "read"),
}
"""Of files that are a text each."""
