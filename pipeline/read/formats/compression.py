"""The compression formats read: how each begins, and the library that opens one member of it."""

import bz2
import lzma
import re
import zlib
from collections.abc import Callable
from typing import NamedTuple, Protocol

import lz4.frame
from backports import zstd

WINDOW_LOG = 27  # log2 of the memory that a zstd or xz file may demand: the zstd program's own limit


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
    """A compression format: how it begins, how a later member is told from noise, how one is opened."""

    name: str
    magic: re.Pattern[bytes]
    member: re.Pattern[bytes]
    open: Callable[[], Decompressor]


class GzipMember:
    """zlib's decompressor with the interface of the others."""

    def __init__(self) -> None:
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


def _zstd_frame() -> Decompressor:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: WINDOW_LOG})


def _xz_stream() -> Decompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=1 << WINDOW_LOG)


def _format(name: str, magic: bytes, member: bytes, opener: Callable[[], Decompressor]) -> Format:
    return Format(name, re.compile(magic, re.DOTALL), re.compile(member, re.DOTALL), opener)


FORMATS = (
    # Flags, extra flags and operating system take few values; three magic bytes alone occur by chance.
    _format("gzip", rb"\x1f\x8b", rb"\x1f\x8b\x08[\0-\x1f].{4}[\0\2\4][\0-\x0d\xff]", GzipMember),
    _format("zstd", rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", rb"\x28\xb5\x2f\xfd", _zstd_frame),
    _format("lz4", rb"\x04\x22\x4d\x18", rb"\x04\x22\x4d\x18", lz4.frame.LZ4FrameDecompressor),
    _format("bz2", rb"BZh[1-9]", rb"BZh[1-9]1AY&SY", bz2.BZ2Decompressor),
    _format("xz", rb"\xfd7zXZ\0", rb"\xfd7zXZ\0", _xz_stream),
)
MAGIC_BYTES = 10  # enough for every pattern above
# What the libraries raise on bad data.
ERRORS = (zlib.error, zstd.ZstdError, lzma.LZMAError, OSError, ValueError, EOFError, RuntimeError)
