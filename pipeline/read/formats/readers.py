"""The functions that read each format. They are imported when they are first used, since most runs read one format."""

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
"""The readers of formats with a document in each row or line."""

DOCUMENTS: Mapping[Format, Reader] = {
    recognise.PDF: later("massivetext.pipeline.read.formats.pdf", "read"),
    recognise.DOCX: later("massivetext.pipeline.read.formats.office", "read_docx"),
    recognise.ODT: later("massivetext.pipeline.read.formats.office", "read_odt"),
}
"""The readers of formats in which each file is a document."""

TEXTS: Mapping[Format, Reader] = {
    recognise.TEXT: later("massivetext.pipeline.read.formats.whole_text", "read"),
    recognise.LATEX: later("massivetext.pipeline.read.formats.whole_text", "read"),
}
"""The readers of all formats in which each file is a text."""
