"""Sources of kind `news`: articles in the formats of `text`, or crawled pages as WARC."""

from massivetext.pipeline.read.kinds.kind import SourceKind, later

KIND = SourceKind(
    name="news",
    meaning="articles in the formats of `text`, or crawled pages as WARC",
    read=later("massivetext.pipeline.read.news", "read"),
    is_divisible=later("massivetext.pipeline.read.text", "is_divisible"),
)
