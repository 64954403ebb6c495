"""Reads the members of tar (plain or compressed) and zip archives, in order. No member is lost silently."""

import contextlib
import os
import shutil
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple, Self, cast

from massivetext.pipeline.read.formats.decompress import RATIO_FREE, BrokenError, Decompressed
from massivetext.pipeline.read.record import Failure, Skipped
from massivetext.pipeline.read.settings import Limits

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
EXTENSION_LIMIT = 1 << 20  # the most bytes of a pax header or a long name, which tarfile reads whole
DIRECTORY_LIMIT = 64 << 20  # the most bytes of a zip's central directory, which zipfile reads whole
END = struct.Struct("<4s4xHHIIH")  # end of central directory (APPNOTE 4.3.16)
END_64 = struct.Struct("<4s20xQQQQ")  # its zip64 form (4.3.14), followed by a locator of 20 bytes
LINK = "link or device"
BAD_MEMBER = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


class CorruptError(Exception):
    """An archive cannot be read, or not any further."""


BAD_TAR = (CorruptError, BrokenError, tarfile.TarError, ValueError, OverflowError)


class Member(NamedTuple):
    """A regular file in an archive.

    `offset` is that of its header: in a tar, in the decompressed bytes; in a zip, in the file. `read` returns the
    bytes, or why they cannot be read. It may be called until the next member is requested.
    """

    offset: int
    name: str
    size: int
    read: Callable[[], bytes | Failure]


@contextlib.contextmanager
def seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Returns the stream itself if it can seek, else a temporary file with its bytes, still compressed."""
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        yield cast(BinaryIO, copy)


def members(stream: BinaryIO, limits: Limits) -> Iterator[Member | Failure | Skipped]:
    """Yields the regular files of the archive from the stream's start. If the archive ends early, the last is a
    Failure.

    Links and devices are Skipped, and folders are ignored. `stream` must be seekable.
    """
    stream.seek(0)
    if stream.read(4) in ZIP:
        yield from _zip_members(stream, limits)
        return
    stream.seek(0)
    yield from _tar_members(stream, limits)


class Header(tarfile.TarInfo):
    """A header of a tar that reports faults: tarfile treats a bad header as the end, and reads pax headers of any
    size."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        header = super().frombuf(buf, encoding, errors)
        if header.size < 0 or (header.type in b"xgXLK" and header.size > EXTENSION_LIMIT):
            raise CorruptError(f"a tar header states a size of {header.size} bytes")
        return header

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.HeaderError as error:
            if isinstance(error, tarfile.EOFHeaderError):  # type: ignore[attr-defined]
                raise  # the block of zeros that ends an archive
            raise CorruptError(f"{error or 'cut off'} where a tar header is expected") from None


def _tar_members(stream: BinaryIO, limits: Limits) -> Iterator[Member | Failure | Skipped]:
    decompressed = Decompressed(stream, limits)
    broken: list[Exception] = []
    offset = 0
    try:
        # Bad bytes of names become U+FFFD, not tarfile's surrogates, which no text may hold.
        with tarfile.open(
            fileobj=decompressed,
            mode="r|",
            tarinfo=Header,
            bufsize=1 << 18,
            encoding="utf-8",
            errors="replace",
        ) as archive:
            while not broken and (header := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined]  # tarfile would keep every header
                offset = header.offset
                if header.isreg():
                    yield _tar_member(archive, header, limits, broken)
                elif not header.isdir():
                    yield Skipped(LINK)
    except BAD_TAR as error:
        yield Failure(offset, f"archive unreadable after the member at this offset: {error}")


def _tar_member(
    archive: tarfile.TarFile, header: tarfile.TarInfo, limits: Limits, broken: list[Exception]
) -> Member:
    """Returns the member. If an error ends the archive while it is read, the error takes its place, and is in
    `broken`."""

    def read() -> bytes | Failure:
        if header.size > limits.record_bytes or header.issparse():
            return _too_long(header.offset, header.name, header.size, limits)
        try:
            content = archive.extractfile(header)
            return content.read() if content else b""
        except BAD_TAR as error:
            broken.append(error)
            return Failure(
                header.offset, f"{header.name}: the archive is unreadable from here: {error}", header.size
            )

    return Member(header.offset, header.name, header.size, read)


def open_zip(stream: BinaryIO) -> zipfile.ZipFile:
    """Open a zip archive. Raises CorruptError if it cannot be read, or if its directory is absurdly long."""
    try:
        length = _directory_length(stream)
        if length > DIRECTORY_LIMIT:
            raise CorruptError(f"the zip archive's directory takes {length} bytes, over {DIRECTORY_LIMIT}")
        archive = zipfile.ZipFile(stream)
        if any(info.header_offset < 0 for info in archive.infolist()):
            raise CorruptError("the zip archive's directory names a place before the file's beginning")
        return archive
    except (struct.error, *BAD_MEMBER) as error:
        raise CorruptError(f"not a readable zip archive: {error}") from None


def read_zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes | Failure:
    """Returns a member's bytes, or why they cannot be read."""
    if info.file_size > limits.record_bytes:
        return _too_long(info.header_offset, info.filename, info.file_size, limits)
    if info.compress_type == zipfile.ZIP_LZMA:
        error = f"{info.filename}: compressed by LZMA, which may demand 4 GiB of memory to be read"
        return Failure(info.header_offset, error, info.compress_size)
    try:
        with archive.open(info) as content:
            # zipfile stops at the stated size, even if the compressed data would expand to more.
            return content.read()
    except (*BAD_MEMBER, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # an error of the file system; bz2's own errors have no number
        return Failure(info.header_offset, f"{info.filename}: {error}", info.compress_size)


def _zip_members(stream: BinaryIO, limits: Limits) -> Iterator[Member | Failure | Skipped]:
    try:
        archive = open_zip(stream)
    except CorruptError as error:
        yield Failure(0, str(error))
        return
    with archive:
        allowed = max(RATIO_FREE, limits.expansion_ratio * stream.seek(0, os.SEEK_END))
        at = -1
        for info in sorted(archive.infolist(), key=lambda each: each.header_offset):
            if info.filename.endswith("/"):  # is_dir fails on an empty name
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                yield Skipped(LINK)
                continue
            if info.header_offset == at:  # the id of a document comes from its place
                yield Failure(at, f"{info.filename}: another file of the archive stands at the same place")
                continue
            at = info.header_offset
            # Members may overlap, so that each is small but all together are not.
            allowed -= info.file_size
            if allowed < 0:
                ratio = limits.expansion_ratio
                yield Failure(info.header_offset, f"the archive expands more than {ratio} times its size")
                return
            yield Member(
                info.header_offset,
                info.filename,
                info.file_size,
                lambda info=info: read_zip_member(archive, info, limits),  # type: ignore[misc]
            )


def _directory_length(stream: BinaryIO) -> int:
    """Returns the bytes of a zip's central directory, as its end record states them."""
    tail_at = max(0, stream.seek(0, os.SEEK_END) - (1 << 16) - END.size)
    stream.seek(tail_at)
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise CorruptError("the zip archive has no end record: cut off?")
    length: int = END.unpack_from(tail, at)[3]
    record = tail.rfind(b"PK\x06\x06", 0, at)
    if length == 0xFFFFFFFF and record >= 0:
        return int(END_64.unpack_from(tail, record)[3])
    return length


def _too_long(offset: int, name: str, size: int, limits: Limits) -> Failure:
    return Failure(offset, f"{name}: {size} bytes, over the limit of {limits.record_bytes}", size)
