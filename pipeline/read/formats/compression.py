"""The compression formats that are read: how each begins, and the library that opens one member of it.

backports.zstd reads zstd, and zstandard writes it. For reading, zstandard has two faults: either it decompresses all
its input at once, so that 2 KB of a bomb take 64 MB of memory, or it does not say where a frame ends.
"""

import bz2
import lzma
import re
import zlib
from collections.abc import Callable
from typing import NamedTuple, Protocol

import lz4.frame
from backports import zstd

from massivetext.pipeline.read.settings import Limits

ZSTD = b"\x28\xb5\x2f\xfd"
LZMA = rb"\x5d\0\0[\0-\x80][\0-\x40](?:\xff{5}|.{4}\0)"
DICTIONARY_FRAME = b"\x5d\x2a\x4d\x18"


class Decompressor(Protocol):
    """One member or frame; the interface of bz2, lzma and zstd in the standard library."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes | None: ...


class Format(NamedTuple):
    """A compression format: how it begins, how a later member differs from noise, and how a member is opened."""

    name: str
    magic: re.Pattern[bytes]
    member: re.Pattern[bytes]
    open: Callable[["Dictionary", Limits], Decompressor]


Dictionary = zstd.ZstdDict | None
"""The dictionary of a zstd file's frames. It is at the beginning of the file, as in ArchiveTeam's WARCs."""


class GzipMember:
    """zlib's decompressor with the interface of the others."""

    def __init__(self, *_: object) -> None:
        self._zlib = zlib.decompressobj(wbits=31)

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max(max_length, 0))

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data


def _zstd_frame(dictionary: Dictionary, limits: Limits) -> Decompressor:
    window = min(max(limits.window_bytes.bit_length() - 1, 10), 31)
    return zstd.ZstdDecompressor(dictionary, {zstd.DecompressionParameter.window_log_max: window})


def _xz_stream(_: Dictionary, limits: Limits) -> Decompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=limits.window_bytes)


def _lzma_stream(_: Dictionary, limits: Limits) -> Decompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=limits.window_bytes)


def _bz2_stream(*_: object) -> Decompressor:
    return bz2.BZ2Decompressor()


def _lz4_frame(*_: object) -> Decompressor:
    frame: Decompressor = lz4.frame.LZ4FrameDecompressor()
    return frame


def zstd_dictionary(head: bytes, limits: Limits) -> Dictionary:
    """Returns the dictionary with which a zstd file begins, in its own frame, compressed or not; None without one.

    `head` has the file's first bytes, up to `limits.record_bytes`. Raises ValueError.
    """
    if not head.startswith(DICTIONARY_FRAME) or len(head) < 8:
        return None
    size = int.from_bytes(head[4:8], "little")
    if size > min(limits.record_bytes, len(head) - 8):
        raise ValueError(f"the file's dictionary takes {size} bytes: cut off, or over the limit record_bytes")
    content = head[8 : 8 + size]
    if content.startswith(ZSTD):
        decompressor = zstd.ZstdDecompressor()
        content = decompressor.decompress(content, limits.record_bytes)
        if not decompressor.eof:
            raise ValueError("the file's dictionary is cut off, or over the limit record_bytes")
    return zstd.ZstdDict(content)


def _format(
    name: str, magic: bytes, member: bytes, opener: Callable[[Dictionary, Limits], Decompressor]
) -> Format:
    return Format(name, re.compile(magic, re.DOTALL), re.compile(member, re.DOTALL), opener)


FORMATS = (
    # Flags, extra flags and operating system take few values; three magic bytes alone occur by chance.
    _format("gzip", rb"\x1f\x8b", rb"\x1f\x8b\x08[\0-\x1f].{4}[\0\2\4][\0-\x0d\xff]", GzipMember),
    _format("zstd", rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", rb"\x28\xb5\x2f\xfd", _zstd_frame),
    _format("lz4", rb"\x04\x22\x4d\x18", rb"\x04\x22\x4d\x18", _lz4_frame),
    _format("bz2", rb"BZh[1-9]", rb"BZh[1-9]1AY&SY", _bz2_stream),
    _format("xz", rb"\xfd7zXZ\0", rb"\xfd7zXZ\0", _xz_stream),
    # xz's older form: properties, the dictionary's size, and the size of the content, mostly not told.
    _format("lzma", LZMA, LZMA, _lzma_stream),
)
MAGIC_BYTES = 10  # enough for every pattern above
# The errors that the libraries raise on bad data.
ERRORS = (zlib.error, zstd.ZstdError, lzma.LZMAError, OSError, ValueError, EOFError, RuntimeError)
