"""Books: a document for each file, text, JATS or TEI (compressed or not) or EPUB, without the boilerplate of Project
Gutenberg and of EPUB's publishers.

Offset: 0. Title: `Title, by Author` as far as Project Gutenberg's header or the EPUB's metadata name them.
"""

from collections.abc import Iterator
from typing import BinaryIO

from massivetext.pipeline.read import gutenberg
from massivetext.pipeline.read.formats import epub, xml_text
from massivetext.pipeline.read.formats.archive import ZIP, CorruptError, seekable
from massivetext.pipeline.read.formats.charset import Decoded, decode_text
from massivetext.pipeline.read.formats.decompress import BrokenError, Decompressed
from massivetext.pipeline.read.record import Failure, Input, Record
from massivetext.pipeline.read.settings import Limits

Charset = tuple[str | None, str | None]  # the encoding, and how it was told


class BinaryError(ValueError):
    """A file that is not text."""


def read(source: Input) -> Iterator[Record | Failure]:
    """The book of a file, or why there is none. A file that breaks off is a Failure as a whole."""
    with seekable(source.stream) as stream:
        try:
            yield _book(stream, source.limits)
        except (CorruptError, BrokenError, BinaryError) as error:
            yield Failure(0, str(error))


def _book(stream: BinaryIO, limits: Limits) -> Record | Failure:
    is_zip = stream.read(4) in ZIP
    stream.seek(0)
    charset: Charset = (None, None)
    if is_zip:
        chapters, title, author = epub.extract(stream, limits)
    else:
        content = _content(Decompressed(stream, limits), limits.record_bytes)
        if content is None:
            return Failure(0, f"the text takes more than {limits.record_bytes} bytes")
        (chapters, title, author), charset = _text(content)
    book = gutenberg.cut(chapters)
    named = [name for name in (title or book.title, author or book.author) if name]
    return Record(0, book.text, None, ", by ".join(named) or None, None, *charset)


def _text(content: bytes) -> tuple[tuple[str, str | None, str | None], Charset]:
    """Text, title and author, and the charset, which XML states itself."""
    if xml_text.is_article(content):
        return xml_text.extract(content), (None, None)
    decoded = decode(content)
    return (decoded.text, None, None), decoded[1:]


def _content(stream: Decompressed, limit: int) -> bytes | None:
    """Everything, or None where that is more than `limit` bytes."""
    parts, size = [], 0
    while part := stream.read(1 << 18):
        parts.append(part)
        size += len(part)
        if size > limit:
            return None
    return b"".join(parts)


def decode(content: bytes) -> Decoded:
    """The characters of a text, lines ended by `\\n`. Raises BinaryError where NUL bytes show it is none."""
    decoded = decode_text(content)
    if "\0" in decoded.text:
        raise BinaryError("the file holds NUL bytes: not a text")
    return decoded._replace(text=decoded.text.replace("\r\n", "\n").replace("\r", "\n"))
