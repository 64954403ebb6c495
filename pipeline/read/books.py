"""Books: a document for each file, text (compressed or not) or EPUB, without Project Gutenberg's boilerplate.

Offset: 0. Title: `Title, by Author` as far as Project Gutenberg's header or the EPUB's metadata name them.
"""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from resiliparse.parse.encoding import detect_encoding

from pipeline.read import epub, gutenberg
from pipeline.read.archive import ZIP, CorruptError, seekable
from pipeline.read.decompress import BrokenError, Decompressed
from pipeline.read.record import Failure, Input, Limits, Record

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like UTF-16's
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF32_BE, "utf-32"),
)


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
    if is_zip:
        chapters, title, author = epub.extract(stream, limits)
    else:
        content = _content(Decompressed(stream, limits), limits.record_bytes)
        if content is None:
            return Failure(0, f"the text takes more than {limits.record_bytes} bytes")
        chapters, title, author = decode(content), None, None
    book = gutenberg.cut(chapters)
    named = [name for name in (title or book.title, author or book.author) if name]
    return Record(0, book.text, None, ", by ".join(named) or None)


def _content(stream: Decompressed, limit: int) -> bytes | None:
    """Everything, or None where that is more than `limit` bytes."""
    parts, size = [], 0
    while part := stream.read(1 << 18):
        parts.append(part)
        size += len(part)
        if size > limit:
            return None
    return b"".join(parts)


def decode(content: bytes) -> str:
    """The characters of a text, lines ended by `\\n`: by its byte-order mark, as UTF-8, or by detection.

    Raises BinaryError where NUL bytes show that it is no text.
    """
    encoding = next((encoding for mark, encoding in MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode(detect_encoding(content) or "utf-8", "replace")
    if "\0" in text:
        raise BinaryError("the file holds NUL bytes: not a text")
    return text.replace("\r\n", "\n").replace("\r", "\n")
