"""Books: reads each file as one document, without the boilerplate of Project Gutenberg and of EPUB's publishers.

A file is text, HTML, JATS or TEI (compressed or not), EPUB, PDF, DOCX, ODT, or a zip archive of texts. Offset: 0.
Title: `Title, by Author`, as far as Project Gutenberg's header or the file's metadata name them.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, NamedTuple

from massivetext.filters.html.style import Style
from massivetext.pipeline.read import gutenberg
from massivetext.pipeline.read.formats import epub, html, readers, recognise, xml_text, zipped_text
from massivetext.pipeline.read.formats.archive import CorruptError, open_zip, seekable
from massivetext.pipeline.read.formats.charset import decode_page, decode_text, is_lost
from massivetext.pipeline.read.formats.decompress import BrokenError, Decompressed
from massivetext.pipeline.read.formats.whole_text import whole
from massivetext.pipeline.read.record import Failure, Found, Input, Record
from massivetext.pipeline.read.settings import Limits


class BinaryError(ValueError):
    """A file holds no text that people read."""


class Part(NamedTuple):
    """A part of a book: its text, title, author, encoding, and how the encoding was found."""

    text: str
    title: str | None = None
    author: str | None = None
    charset: str | None = None
    charset_origin: str | None = None


EXPECTED = "text, HTML, JATS, TEI, EPUB, PDF, DOCX, ODT and zip archives of texts"
ZIPS = (recognise.EPUB, recognise.ZIPPED)
REFUSED = recognise.NO_TEXT | {
    recognise.CSV,
    recognise.TSV,
    recognise.WARC,
    recognise.MEDIAWIKI,
    recognise.STACKEXCHANGE,
}
"""Formats that are recognised by beginnings that no book has."""

BAD = (CorruptError, BrokenError, BinaryError, html.LongPageError)


def read(source: Input) -> Iterator[Found]:
    """Yields the book of a file, or why there is none. A file that breaks off is a single Failure.

    A chapter of an EPUB, or a file of a zip archive, that cannot be read is a Failure beside the book of the others.
    """
    if not source.is_taken(0):
        return
    with seekable(source.stream) as stream:
        try:
            found = recognise.recognise(stream, source.name, source.limits)
            if found is recognise.EMPTY:
                return
            if found in REFUSED:
                yield Failure(0, recognise.refusal(found, "books", EXPECTED))
            elif reader := readers.DOCUMENTS.get(found):
                yield from reader(replace(source, stream=stream))
            elif found in ZIPS:
                yield from _of_zip(stream, source.limits, html.style_of(source.pages))
            else:
                yield from _of_text(
                    stream, source.limits, found is recognise.HTML, html.style_of(source.pages)
                )
        except BAD as error:
            yield Failure(0, str(error))


def _of_text(stream: BinaryIO, limits: Limits, is_page: bool, style: Style) -> Iterator[Record | Failure]:
    content = whole(Decompressed(stream, limits), limits.record_bytes)
    if content is None:
        yield Failure(0, f"the text takes more than {limits.record_bytes} bytes")
    else:
        yield _book([_page(content, style) if is_page else _part(content)])


def _of_zip(stream: BinaryIO, limits: Limits, style: Style) -> Iterator[Record | Failure]:
    parts: list[Part] = []
    lost: list[str] = []
    with open_zip(stream) as archive:
        if epub.is_epub(archive):
            chapters, title, author, lost = epub.extract(archive, limits, style)
            parts.append(Part(chapters, title, author))
        else:
            for name, content in zipped_text.texts(archive, limits):
                try:
                    parts.append(_named_part(name, content, style))
                except BAD as error:
                    lost.append(f"{name}: {error}")
    if parts:
        yield _book(parts)
    for reason in lost:
        yield Failure(0, f"read without a part that cannot be read: {reason}" if parts else reason)


def _named_part(name: str, content: bytes | Failure, style: Style) -> Part:
    if isinstance(content, Failure):
        raise CorruptError(content.error.removeprefix(f"{name}: "))
    if not name.lower().endswith(zipped_text.PAGES):
        return _part(content)
    return _page(content, style)


def _page(content: bytes, style: Style) -> Part:
    """Reads a book that is one HTML page. Its title is that of Project Gutenberg's header, else that of the page."""
    page = decode_page(content)
    text = html.extract_all(page.text, style)
    title = None if gutenberg.cut(text).title else html.extract(page.text).title
    return Part(text, title, None, page.charset, page.origin)


def _part(content: bytes) -> Part:
    """Reads a text or an article. XML states its charset itself."""
    if xml_text.is_article(content):
        return Part(*xml_text.extract(content))
    if recognise.NAMED_VALUE.match(content):
        raise BinaryError(recognise.refusal(recognise.JSON_LINES, "books", EXPECTED))
    if content.lstrip().startswith(b"<?xml"):
        raise BinaryError(recognise.refusal(recognise.XML, "books", EXPECTED))
    decoded = decode_text(content)
    if "\0" in decoded.text:
        raise BinaryError("the file holds NUL bytes: not a text")
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    return Part(text, None, None, decoded.charset, decoded.origin)


def _book(parts: list[Part]) -> Record:
    """Joins the parts of a book to one document. Title and charset are those of the first part."""
    first = parts[0]
    books = [gutenberg.cut(part.text) for part in parts]
    named = [name for name in (first.title or books[0].title, first.author or books[0].author) if name]
    text = "\n\n".join(book.text for book in books if book.text)
    if is_lost(text):
        raise BinaryError(
            f"no text: it holds too many U+FFFD or control characters (read as {first.charset})"
        )
    return Record(0, text, None, ", by ".join(named) or None, None, first.charset, first.charset_origin)
