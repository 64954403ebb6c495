"""Text of UTF-16, which Windows writes, as UTF-8."""

import codecs
import io
from typing import BinaryIO, cast

from massivetext.pipeline.read.formats.decompress import OUTPUT, Decompressed

MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def utf8(stream: Decompressed) -> Decompressed | BinaryIO:
    """The stream's bytes, as UTF-8 where they begin with a byte-order mark of UTF-16; else as they are."""
    peeked = Peeked(stream)
    encoding = MARKS.get(peeked.peek(2))
    return cast(BinaryIO, Recoded(peeked, encoding)) if encoding else cast(BinaryIO, peeked)


class Peeked(io.RawIOBase):
    """A stream whose first bytes have been looked at. What the stream raises while they are read is raised later,
    when they are taken."""

    def __init__(self, stream: Decompressed) -> None:
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
    """A stream of UTF-16 as UTF-8, with U+FFFD for what is none."""

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
