"""Sources of kind `latex`: LaTeX sources of papers, alone or in archives as arXiv has them."""

from massivetext.pipeline.read.kinds.kind import SourceKind, later

KIND = SourceKind(
    name="latex",
    meaning="LaTeX sources of papers, alone or in archives as arXiv has them",
    read=later("massivetext.pipeline.read.latex.papers", "read"),
    is_streaming=False,
    judged_by=frozenset({"language", "deduplicate"}),
)
