"""Sources of kind `text`: tables with a text in each record, and files that are a text each."""

from massivetext.pipeline.read.kinds.kind import SourceKind, later

KIND = SourceKind(
    name="text",
    meaning="JSONL, JSON, Parquet, CSV and TSV with a text in each record; text, PDF, DOCX and ODT files",
    read=later("massivetext.pipeline.read.text", "read"),
    is_divisible=later("massivetext.pipeline.read.text", "is_divisible"),
)
