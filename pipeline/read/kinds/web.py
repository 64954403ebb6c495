"""Sources of kind `web`: WARC, ARC and WET files of crawled pages, or an index of their records."""

from massivetext.pipeline.read.kinds.kind import SourceKind, later

KIND = SourceKind(
    name="web",
    meaning="WARC, ARC and WET files of crawled pages, or an index of their records",
    read=later("massivetext.pipeline.read.web", "read"),
)
