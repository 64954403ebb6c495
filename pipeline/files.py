"""Files on any of Beam's file systems, and writing them whole or not at all."""

import contextlib
import hashlib
import os
import posixpath
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from glob import glob as local_glob
from typing import IO, Any, BinaryIO, cast

TEMPORARY = ".temporary"  # the folder within an output that holds files not yet whole


@dataclass(frozen=True)
class Written:
    """A finished file: its path within the output, its size, and its SHA-256 in hex."""

    path: str
    bytes: int
    sha256: str


def is_remote(path: str) -> bool:
    """Whether a path names an object store or another file system of Beam's, such as `gs://`."""
    return "://" in path


def is_absolute(path: str) -> bool:
    return is_remote(path) or os.path.isabs(path)


def _remote() -> Any:
    from apache_beam.io.filesystems import FileSystems  # seconds to import: only where it is needed

    return FileSystems


def open_read(path: str) -> BinaryIO:
    """A seekable stream of the file's bytes as they are (no decompression)."""
    if not is_remote(path):
        return open(path, "rb")
    from apache_beam.io.filesystem import CompressionTypes

    return cast(BinaryIO, _remote().open(path, compression_type=CompressionTypes.UNCOMPRESSED))


def read_bytes(path: str) -> bytes:
    with open_read(path) as stream:
        return stream.read()


def exists(path: str) -> bool:
    return bool(_remote().exists(path)) if is_remote(path) else os.path.exists(path)


def match(pattern: str) -> list[tuple[str, int]]:
    """The files that a glob matches, sorted by path, with their sizes in bytes. `**` crosses folders."""
    if not is_remote(pattern):
        paths = [path for path in local_glob(pattern, recursive=True) if os.path.isfile(path)]
        return sorted((path, os.path.getsize(path)) for path in paths)
    found = _remote().match([pattern])[0].metadata_list
    return sorted((metadata.path, metadata.size_in_bytes) for metadata in found)


def delete_tree(path: str) -> None:
    """Delete a folder and all in it; one that does not exist is no error."""
    if not is_remote(path):
        shutil.rmtree(path, ignore_errors=True)
    elif found := match(posixpath.join(path, "**")):
        _remote().delete([name for name, _ in found])


class _Hashing:
    """A binary stream that counts and hashes what is written to it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.hash = hashlib.sha256()
        self.bytes = 0
        self.closed = False

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        self.hash.update(view)
        self.bytes += view.nbytes
        self._stream.write(view)
        return view.nbytes

    def tell(self) -> int:
        return self.bytes

    def flush(self) -> None:
        self._stream.flush()

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        """Left to `write_whole`, which renames only what was written to the end."""


class Sink:
    """A file being written: give `stream` to the writer; `written` is set once the file stands."""

    def __init__(self, path: str, stream: BinaryIO) -> None:
        self._hashing = _Hashing(stream)
        self.stream = cast(IO[Any], self._hashing)  # takes any buffer, arrays too
        self.path = path

    @property
    def written(self) -> Written:
        return Written(self.path, self._hashing.bytes, self._hashing.hash.hexdigest())


@contextlib.contextmanager
def write_whole(out: str, path: str) -> Iterator[Sink]:
    """Write the file `path` within the folder `out`: under a temporary name, renamed once it is whole.

    A reader never sees half a file; after an error nothing stands under `path`. Writing the same file
    twice, as runners do when they retry, leaves the last one.
    """
    temporary = posixpath.join(out, TEMPORARY, uuid.uuid4().hex)
    final = posixpath.join(out, path)
    if is_remote(out):
        stream = cast(BinaryIO, _remote().create(temporary, "application/octet-stream"))
    else:
        os.makedirs(posixpath.dirname(temporary), exist_ok=True)
        os.makedirs(posixpath.dirname(final), exist_ok=True)
        stream = open(temporary, "wb")  # noqa: SIM115  (closed below, on either path)
    sink = Sink(path, stream)
    try:
        with stream:
            yield sink
    except BaseException:
        _discard(temporary)
        raise
    if is_remote(out):
        _remote().rename([temporary], [final])
    else:
        os.replace(temporary, final)


def _discard(path: str) -> None:
    with contextlib.suppress(OSError):
        if is_remote(path):
            _remote().delete([path])
        else:
            os.remove(path)


def write_bytes(out: str, path: str, data: bytes) -> Written:
    """Write a small file whole."""
    with write_whole(out, path) as sink:
        sink.stream.write(data)
    return sink.written


def sha256(path: str) -> str:
    """The SHA-256 of a file in hex."""
    digest = hashlib.sha256()
    with open_read(path) as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
