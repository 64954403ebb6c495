"""Converts text in UTF-16, which Windows writes, and in UTF-32 to UTF-8."""

import codecs
import io
from typing import BinaryIO, cast

from massivetext.pipeline.read.formats.charset_guess import NUL_BYTES, utf_16, utf_32
from massivetext.pipeline.read.formats.decompress import OUTPUT, Decompressed

MARKS = (
    (codecs.BOM_UTF8, None),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def encoding_of(head: bytes) -> str | None:
    """Returns the encoding of two or four bytes of a text, by its byte-order mark or its zeros; else None."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    return utf_16(head) or utf_32(head)


def utf8(stream: Decompressed) -> Decompressed | BinaryIO:
    """Returns the stream, converted to UTF-8 if it is in UTF-16 or UTF-32."""
    peeked = Peeked(stream)
    encoding = encoding_of(peeked.peek(NUL_BYTES))
    return cast(BinaryIO, Recoded(peeked, encoding)) if encoding else cast(BinaryIO, peeked)


def lines_ended(stream: Decompressed) -> Decompressed | BinaryIO:
    """Returns the stream as UTF-8. If its first lines end in CR alone, as on old Macintoshes, all lines end in LF."""
    peeked = Peeked(utf8(stream))
    head = peeked.peek(OUTPUT)
    if b"\r" in head.rstrip() and b"\n" not in head:
        return cast(BinaryIO, Returns(peeked))
    return cast(BinaryIO, peeked)


class Returns(io.RawIOBase):
    """A stream with CR replaced by LF."""

    def __init__(self, stream: "Peeked") -> None:
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        return self._stream.read(size).replace(b"\r", b"\n")


class Peeked(io.RawIOBase):
    """A stream whose first bytes were read ahead. An error of the stream while they are read is raised later, when
    they are taken."""

    def __init__(self, stream: Decompressed | BinaryIO) -> None:
        self._stream = stream
        self._first = b""
        self._error: Exception | None = None

    def peek(self, size: int) -> bytes:
        try:
            while len(self._first) < size and (more := self._stream.read(OUTPUT)):
                self._first += more
        except Exception as error:
            self._error = error
        return self._first[:size]

    def read(self, size: int = -1, /) -> bytes:
        if self._first:
            first, self._first = self._first, b""
            return first
        if self._error:
            error, self._error = self._error, None
            raise error
        return self._stream.read(size) or b""


class Recoded(io.RawIOBase):
    """A stream of UTF-16 or UTF-32 as UTF-8, with U+FFFD for invalid units."""

    def __init__(self, stream: Peeked, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._is_first = True

    def read(self, size: int = -1, /) -> bytes:
        while True:
            piece = self._stream.read(size)
            text = self._decoder.decode(piece, final=not piece)
            if self._is_first:
                text, self._is_first = text.removeprefix("\ufeff"), False
            if text or not piece:
                return text.encode()
