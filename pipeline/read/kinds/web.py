"""Sources of kind `web`: WARC, ARC and WET files of crawled pages, and HTML files."""

from massivetext.pipeline.read.kinds.kind import SourceKind, later

KIND = SourceKind(
    name="web",
    meaning="WARC, ARC and WET files of crawled pages, and HTML files",
    read=later("massivetext.pipeline.read.web", "read"),
)
