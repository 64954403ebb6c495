"""Sources of kind `books`: EPUB, PDF, DOCX, ODT, TEI, JATS, HTML and plain text, a book a file."""

from massivetext.pipeline.read.kinds.kind import SourceKind, later

KIND = SourceKind(
    name="books",
    meaning="EPUB, PDF, DOCX, ODT, TEI, JATS, HTML and plain text, a book a file",
    read=later("massivetext.pipeline.read.books", "read"),
)
