"""Sources of kind `text`: JSONL and Parquet with a text in each record."""

from massivetext.pipeline.read.kinds.kind import SourceKind, later

KIND = SourceKind(
    name="text",
    meaning="JSONL and Parquet with a text in each record",
    read=later("massivetext.pipeline.read.text", "read"),
    is_divisible=later("massivetext.pipeline.read.text", "is_divisible"),
)
