"""Decompresses a file of any known compression in bounded memory.

The first bytes decide the format, never the name: gzip, zstd, lz4, bz2, xz, or none of them. Files of many members
(gzip, bz2, xz) or frames (zstd, lz4) are read to their end.
"""

import io
import re
from collections.abc import Generator, Iterator
from typing import BinaryIO

from massivetext.pipeline.read.formats.compression import (
    DICTIONARY_FRAME,
    ERRORS,
    FORMATS,
    MAGIC_BYTES,
    Dictionary,
    Format,
    zstd_dictionary,
)
from massivetext.pipeline.read.settings import Limits

# Compressed bytes that are fed at once. A corrupt spot costs at most so many good bytes before it.
PIECE = 1 << 12
OUTPUT = 1 << 18  # the most decompressed bytes that are produced at once
RATIO_FREE = 16 << 20  # decompressed bytes before the expansion ratio is judged


class BrokenError(Exception):
    """Some compressed bytes cannot be read. The good bytes before them have been returned.

    `offset` is the number of decompressed bytes returned so far, `size` that of compressed bytes lost. The next read
    goes on with the next readable member or frame; if there is none, the file ends.
    """

    def __init__(self, offset: int, error: str, size: int) -> None:
        super().__init__(error)
        self.offset, self.error, self.size = offset, error, size


class ExpansionError(Exception):
    """The file expands more than `Limits.expansion_ratio` allows."""


class Compressed:
    """The raw file, read ahead a little. `position` is that of the next byte to take."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = b""
        self._at = 0
        self.position = 0

    def peek(self, size: int) -> bytes:
        """Returns the next bytes; fewer than `size` only at the end of the file."""
        while len(self._buffer) - self._at < size and (more := self._stream.read(OUTPUT)):
            # The last bytes that were taken stay in the buffer, so that `back` can return to them.
            kept = max(0, self._at - PIECE)
            self._buffer, self._at = self._buffer[kept:] + more, self._at - kept
        return self._buffer[self._at : self._at + size]

    def take(self, size: int) -> bytes:
        taken = self.peek(size)
        self._at += len(taken)
        self.position += len(taken)
        return taken

    def back(self, size: int) -> None:
        """Returns the last `size` <= PIECE bytes taken."""
        self._at -= size
        self.position -= size

    def skip_to(self, pattern: re.Pattern[bytes]) -> bool:
        """Goes on to the next match. If there is none, goes to the end of the file and returns false."""
        while window := self.peek(OUTPUT):
            found = pattern.search(window)
            # The window's last bytes may begin a match that the next window completes.
            self.take(found.start() if found else max(len(window) - MAGIC_BYTES, 1))
            if found:
                return True
        return False


class Decompressed(io.RawIOBase):
    """The decompressed bytes of `stream`. `read` may return fewer bytes than asked for, and b"" only at the end.

    `read` may be called again after it raised BrokenError. `format` is one of `plain`, `gzip`, `zstd`, `lz4`, `bz2`,
    `xz`. After the first 16 MiB, a file that expands more than `limits.expansion_ratio` times is not read any further.
    Errors of `stream` itself pass through.
    """

    def __init__(self, stream: BinaryIO, limits: Limits = Limits()) -> None:  # noqa: B008
        self._source = Compressed(stream)
        self._limits = limits
        self._ratio = limits.expansion_ratio
        self._dictionary: Dictionary = None
        head = self._source.peek(MAGIC_BYTES)
        found = next((each for each in FORMATS if each.magic.match(head)), None)
        self.format = found.name if found else "plain"
        self._pieces = self._members(found) if found else self._plain()
        self._piece = memoryview(b"")
        self._position = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._piece:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            if isinstance(piece, BrokenError):
                raise piece
            self._piece = memoryview(piece)
        size = min(len(buffer), len(self._piece))
        buffer[:size] = self._piece[:size]
        self._piece = self._piece[size:]
        self._position += size
        return size

    def _plain(self) -> Iterator[bytes | BrokenError]:
        while piece := self._source.take(OUTPUT):
            yield piece

    def _members(self, form: Format) -> Iterator[bytes | BrokenError]:
        """Yields pieces of every member, and a BrokenError for each stretch of the file that is no member."""
        source = self._source
        if source.peek(4) == DICTIONARY_FRAME:
            try:
                self._dictionary = zstd_dictionary(self._start(), self._limits)
            except ERRORS as reason:
                yield BrokenError(0, f"broken zstd file: {reason}", 0)
        while window := source.peek(OUTPUT):
            if zeros := len(window) - len(window.lstrip(b"\0")):
                source.take(zeros)  # padding between members, as on tapes and in xz
                continue
            start, error = source.position, f"{form.name} data expected"
            if form.magic.match(window):
                try:
                    error = yield from self._member(form)
                except ExpansionError:
                    yield BrokenError(self._position, self._bomb(), 0)
                    return
            if error:
                yield self._gap(form, start, error)

    def _member(self, form: Format) -> Generator[bytes, None, str]:
        """Yields pieces of one member, then why it breaks off, if it does. The source is then before the bad bytes."""
        source, decompressor = self._source, form.open(self._dictionary, self._limits)
        while not decompressor.eof:
            data = source.take(PIECE) if decompressor.needs_input else b""
            if not data and decompressor.needs_input:
                return "the file ends in the middle of a member"
            try:
                piece = decompressor.decompress(data, OUTPUT)
            except ERRORS as error:
                source.back(len(data))
                return self._reason(form, error)
            if decompressor.eof:
                source.back(len(decompressor.unused_data or b""))
            if self._position + len(piece) > max(RATIO_FREE, self._ratio * source.position):
                raise ExpansionError
            yield piece
        return ""

    def _start(self) -> bytes:
        """Returns the file's first bytes, up to the end of its dictionary."""
        size = int.from_bytes(self._source.peek(8)[4:], "little")
        return self._source.peek(8 + min(size, self._limits.record_bytes))

    def _reason(self, form: Format, error: Exception) -> str:
        if form.name in ("zstd", "xz") and "memory" in str(error).lower():
            return f"{error} (limits.window_bytes allows {self._limits.window_bytes})"
        if form.name == "zstd" and "ictionary" in str(error):
            return f"{error} (it was compressed with a dictionary that is not at the file's beginning)"
        return str(error)

    def _gap(self, form: Format, start: int, error: str) -> BrokenError:
        broken_at = self._source.position
        if broken_at == start:
            self._source.take(1)
        resumed = self._source.skip_to(form.member)
        after = (
            f"reading goes on at byte {self._source.position}" if resumed else "nothing after it is readable"
        )
        size = self._source.position - broken_at
        text = (
            f"broken {form.name} file: {error} (member at byte {start}, lost from byte {broken_at}; {after})"
        )
        return BrokenError(self._position, text, size)

    def _bomb(self) -> str:
        return (
            f"expands more than {self._ratio} times by byte {self._source.position} of the compressed file; "
            "the rest is not read (a decompression bomb? else raise the limit expansion_ratio)"
        )
