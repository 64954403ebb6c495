"""Sources of kind `code`: archives of repositories, with their licences."""

from massivetext.pipeline.read.kinds.kind import SourceKind, later

KIND = SourceKind(
    name="code",
    meaning="archives of repositories, with their licences",
    read=later("massivetext.pipeline.read.code.repository", "read"),
    is_prose=False,
)
