"""Sources of kind `wikipedia`: MediaWiki XML dumps."""

from massivetext.pipeline.read.kinds.kind import SourceKind, later

KIND = SourceKind(
    name="wikipedia",
    meaning="MediaWiki XML dumps",
    read=later("massivetext.pipeline.read.wikipedia.dump", "read"),
)
