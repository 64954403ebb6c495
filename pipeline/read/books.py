"""Books: a document for each file, which is text, JATS or TEI (compressed or not), an EPUB, or a zip archive of texts,
without the boilerplate of Project Gutenberg and of EPUB's publishers.

Offset: 0. Title: `Title, by Author` as far as Project Gutenberg's header or the EPUB's metadata name them.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from massivetext.pipeline.read import gutenberg
from massivetext.pipeline.read.formats import epub, html, xml_text, zipped_text
from massivetext.pipeline.read.formats.archive import ZIP, CorruptError, open_zip, seekable
from massivetext.pipeline.read.formats.charset import decode_page, decode_text, is_lost
from massivetext.pipeline.read.formats.decompress import BrokenError, Decompressed
from massivetext.pipeline.read.formats.whole_text import whole
from massivetext.pipeline.read.record import Failure, Input, Record
from massivetext.pipeline.read.settings import Limits


class BinaryError(ValueError):
    """A file that is not text."""


class Part(NamedTuple):
    """A part of a book, and what it says of itself: title, author, its encoding and how that was told."""

    text: str
    title: str | None = None
    author: str | None = None
    charset: str | None = None
    charset_origin: str | None = None


BAD = (CorruptError, BrokenError, BinaryError, html.LongPageError)


def read(source: Input) -> Iterator[Record | Failure]:
    """The book of a file, or why there is none. A file that breaks off is a Failure as a whole.

    A chapter of an EPUB, or a file of a zip archive, that cannot be read is a Failure beside the book of the others.
    """
    with seekable(source.stream) as stream:
        try:
            is_zip = stream.read(4) in ZIP
            stream.seek(0)
            yield from _of_zip(stream, source.limits) if is_zip else _of_text(stream, source.limits)
        except BAD as error:
            yield Failure(0, str(error))


def _of_text(stream: BinaryIO, limits: Limits) -> Iterator[Record | Failure]:
    content = whole(Decompressed(stream, limits), limits.record_bytes)
    if content is None:
        yield Failure(0, f"the text takes more than {limits.record_bytes} bytes")
    else:
        yield _book([_part(content)])


def _of_zip(stream: BinaryIO, limits: Limits) -> Iterator[Record | Failure]:
    parts: list[Part] = []
    lost: list[str] = []
    with open_zip(stream) as archive:
        if epub.is_epub(archive):
            chapters, title, author, lost = epub.extract(archive, limits)
            parts.append(Part(chapters, title, author))
        else:
            for name, content in zipped_text.texts(archive, limits):
                try:
                    parts.append(_named_part(name, content))
                except BAD as error:
                    lost.append(f"{name}: {error}")
    if parts:
        yield _book(parts)
    for reason in lost:
        yield Failure(0, f"read without a part that cannot be read: {reason}" if parts else reason)


def _named_part(name: str, content: bytes | Failure) -> Part:
    if isinstance(content, Failure):
        raise CorruptError(content.error.removeprefix(f"{name}: "))
    if not name.lower().endswith(zipped_text.PAGES):
        return _part(content)
    page = decode_page(content)
    return Part(html.extract_all(page.text), None, None, page.charset, page.origin)


def _part(content: bytes) -> Part:
    """A text or an article. XML states its charset itself."""
    if xml_text.is_article(content):
        return Part(*xml_text.extract(content))
    decoded = decode_text(content)
    if "\0" in decoded.text:
        raise BinaryError("the file holds NUL bytes: not a text")
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    return Part(text, None, None, decoded.charset, decoded.origin)


def _book(parts: list[Part]) -> Record:
    """The parts of a book as one document, of which the first tells title and charset."""
    first = parts[0]
    books = [gutenberg.cut(part.text) for part in parts]
    named = [name for name in (first.title or books[0].title, first.author or books[0].author) if name]
    text = "\n\n".join(book.text for book in books if book.text)
    if is_lost(text):
        raise BinaryError(
            f"text of which U+FFFD is the most: its characters are lost (read as {first.charset})"
        )
    return Record(0, text, None, ", by ".join(named) or None, None, first.charset, first.charset_origin)
