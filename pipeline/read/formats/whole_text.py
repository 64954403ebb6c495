"""Reads a file that is one text."""

from collections.abc import Iterator

from massivetext.pipeline.read.formats.charset import Decoded, decode_text
from massivetext.pipeline.read.formats.decompress import BrokenError, Decompressed
from massivetext.pipeline.read.record import Failure, Input, Record


class BinaryError(ValueError):
    """A file is not text."""


def read(source: Input) -> Iterator[Record | Failure]:
    """Yields the text of the file as one document with offset 0."""
    try:
        content = whole(Decompressed(source.stream, source.limits), source.limits.record_bytes)
        if content is None:
            yield Failure(
                0, f"the text takes more than {source.limits.record_bytes} bytes (limits.record_bytes)"
            )
            return
        text, charset, origin = decode(content)
        if text.strip():
            yield Record(0, text, charset=charset, charset_origin=origin)
        elif content:
            yield Failure(0, "the file holds white space alone", len(content))
    except (BrokenError, BinaryError) as error:
        yield Failure(0, str(error))


def whole(stream: Decompressed, limit: int) -> bytes | None:
    """Reads everything. Returns None if it is more than `limit` bytes."""
    parts, size = [], 0
    while part := stream.read(1 << 18):
        parts.append(part)
        size += len(part)
        if size > limit:
            return None
    return b"".join(parts)


def decode(content: bytes) -> Decoded:
    """Decodes a text, with `\\n` at the ends of lines. Raises BinaryError if it holds NUL bytes."""
    decoded = decode_text(content)
    if "\0" in decoded.text:
        raise BinaryError("the file holds NUL bytes: not a text")
    return decoded._replace(text=decoded.text.replace("\r\n", "\n").replace("\r", "\n"))
