"""Sources of kind `code`: archives of repositories with their licences, or tables such as The Stack's."""

from massivetext.pipeline.read.kinds.kind import SourceKind, later

KIND = SourceKind(
    name="code",
    meaning="archives of repositories with their licences, or tables such as The Stack's",
    read=later("massivetext.pipeline.read.code.files", "read"),
    is_streaming=False,
    is_prose=False,
)
