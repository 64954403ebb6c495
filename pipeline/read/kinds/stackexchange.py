"""Sources of kind `stackexchange`: Posts.xml of Stack Exchange's dumps, a question with its answers a document."""

from massivetext.pipeline.read.kinds.kind import SourceKind, later

KIND = SourceKind(
    name="stackexchange",
    meaning="Posts.xml of Stack Exchange's dumps, a question with its answers a document",
    read=later("massivetext.pipeline.read.stackexchange", "read"),
    is_streaming=False,
    judged_by=frozenset({"language", "deduplicate"}),
)
