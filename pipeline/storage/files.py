"""Reads files on local disks, in object stores, on web servers and on the hub, and writes files whole or not at all."""

import contextlib
import errno
import hashlib
import os
import posixpath
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol, TypeVar, cast

from massivetext.filters.kernels.private import private_folder
from massivetext.pipeline.storage import local_match, object_store
from massivetext.pipeline.storage.durable import make_folders, sync_folder
from massivetext.pipeline.storage.object_store import Match
from massivetext.pipeline.storage.write_streams import Hashing, Upload

TEMPORARY = ".temporary"  # the folder of an output with files that are not yet whole

Result = TypeVar("Result")


@dataclass(frozen=True)
class Written:
    """A finished file: its path within the output, its size, and its SHA-256 in hex."""

    path: str
    bytes: int
    sha256: str


_ADVICE = {
    errno.ENOSPC: "free some room there, or name another folder",
    errno.EDQUOT: "free some room there, or name another folder",
    errno.EFBIG: "raise the limit of file sizes (ulimit -f)",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
}


def reason(error: OSError) -> str:
    """Returns an error of the file system for people, and what to do: `OUT/part: No space left on device: free ...`."""
    parts = (error.filename, error.strerror or error, _ADVICE.get(error.errno or 0))
    return ": ".join(str(part) for part in parts if part)


def is_remote(path: str) -> bool:
    """Whether a path leads to an object store, a web server or the hub, such as `gs://`."""
    return "://" in path


class Store(Protocol):
    """The functions that read the files of a scheme."""

    def open_read(self, path: str, buffer: int = ...) -> BinaryIO: ...
    def open_ahead(self, path: str) -> BinaryIO: ...
    def exists(self, path: str) -> bool: ...
    def stamped(self, pattern: str) -> list[Match]: ...


def _store(path: str) -> Store:
    """Returns the functions that read a path's files. Of remote places, only object stores are written to."""
    scheme = path.partition("://")[0]
    if scheme in ("http", "https"):
        from massivetext.pipeline.storage import http_files

        return http_files
    if scheme == "hf":
        from massivetext.pipeline.storage import hub

        return hub
    return object_store


def is_absolute(path: str) -> bool:
    return is_remote(path) or os.path.isabs(path)


def open_read(path: str) -> BinaryIO:
    """Returns a seekable stream of the file's bytes, without decompression."""
    if is_remote(path):
        return _store(path).open_read(path)
    return open(path, "rb")


def open_all(paths: Sequence[str]) -> Iterator[BinaryIO | OSError]:
    """Yields streams of files, or the error of one, in order. From an object store, it fetches the next few ahead."""
    return at_once(paths[0] if paths else "", (partial(_open_or_error, path) for path in paths))


def _open_or_error(path: str) -> BinaryIO | OSError:
    try:
        return _store(path).open_ahead(path) if is_remote(path) else open(path, "rb")
    except OSError as error:
        return error


def open_ranges(path: str) -> BinaryIO:
    """Returns a stream for reading a few stretches of a file. It fetches nothing beyond them."""
    if is_remote(path):
        return _store(path).open_read(path, buffer=1)
    return open(path, "rb")


def read_range(path: str, start: int, size: int) -> bytes:
    """Returns a stretch of a file; fewer bytes if the file ends before."""
    if path.startswith(("http://", "https://")):
        from massivetext.pipeline.storage import http_files

        return http_files.read_range(path, start, size)  # by one request
    with open_ranges(path) as stream:
        stream.seek(start)
        return stream.read(size)


def at_once(where: str, calls: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """Yields the results of calls that read files at `where`, in order. Several wait for an object store at a time."""
    return object_store.at_once(calls) if is_remote(where) else (call() for call in calls)


def read_bytes(path: str) -> bytes:
    with open_read(path) as stream:
        return stream.read()


def local(path: str, digest: str) -> str:
    """Returns a local path of the file, for libraries that open only local files. A copy, named by its SHA-256, serves
    all processes of the machine."""
    if not is_remote(path):
        return path
    folder = private_folder(Path(tempfile.gettempdir()) / f"massivetext-{os.getuid()}")
    copy = os.path.join(folder, digest)
    if not os.path.exists(copy):
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as half, open_read(path) as stream:
            shutil.copyfileobj(stream, half, 1 << 20)
        if sha256(half.name) != digest:
            os.remove(half.name)
            raise OSError(
                f"{path}: the fetched file has another SHA-256 than the one that the run recorded: it has changed"
            )
        os.replace(half.name, copy)
    return copy


def exists(path: str) -> bool:
    return _store(path).exists(path) if is_remote(path) else os.path.exists(path)


def match(pattern: str) -> list[tuple[str, int]]:
    """Returns the files that a glob matches, sorted by path, with their sizes in bytes. `**` crosses folders."""
    if is_remote(pattern):
        return sorted((found.name, found.bytes) for found in _store(pattern).stamped(pattern))
    return [(path, os.path.getsize(path)) for path in local_match.match(pattern)]


def stamped(pattern: str) -> list[Match]:
    """Like `match`, with a stamp of each file, which changes when the file is written again."""
    if is_remote(pattern):
        return sorted(_store(pattern).stamped(pattern))
    found = []
    for path, _ in match(pattern):
        of = os.stat(path)
        found.append(Match(path, of.st_size, f"{of.st_mtime_ns}-{of.st_ctime_ns}", path))
    return found


def sizes(out: str, paths: Iterable[str]) -> dict[str, int]:
    """Returns the sizes of those of some files in a folder that exist. It lists each of their folders once."""
    found = {}
    for folder in sorted({posixpath.dirname(path) for path in paths}):
        for name, size in _listed(posixpath.join(out, folder)):
            found[posixpath.join(folder, name)] = size
    return found


def total(paths: Sequence[str]) -> int:
    """Returns the sum of the sizes of some files."""
    listed = {folder: dict(_listed(folder)) for folder in {posixpath.dirname(path) for path in paths}}
    return sum(listed[posixpath.dirname(path)][posixpath.basename(path)] for path in paths)


def _listed(folder: str) -> Iterator[tuple[str, int]]:
    """Returns the names and sizes of a folder's files; none if there is no such folder."""
    if is_remote(folder):
        yield from ((posixpath.basename(path), size) for path, size in match(f"{folder}/*"))
    elif os.path.isdir(folder):
        with os.scandir(folder) as entries:
            yield from ((entry.name, entry.stat().st_size) for entry in entries if entry.is_file())


def delete(path: str) -> None:
    """Delete a file, if it exists."""
    with contextlib.suppress(FileNotFoundError):
        (object_store.delete if is_remote(path) else os.remove)(path)


def delete_tree(path: str) -> None:
    """Delete a folder and all in it, if it exists."""
    if is_remote(path):
        object_store.delete_tree(path)
    else:
        shutil.rmtree(path, ignore_errors=True)


class Sink:
    """A file that is being written: give `stream` to the writer. `written` is set once the file has its name."""

    def __init__(self, path: str, stream: BinaryIO) -> None:
        self._hashing = Hashing(stream)
        self.stream = cast(IO[Any], self._hashing)  # takes any buffer, also arrays
        self.path = path

    @property
    def written(self) -> Written:
        return Written(self.path, self._hashing.bytes, self._hashing.hash.hexdigest())


@contextlib.contextmanager
def write_whole(out: str, path: str) -> Iterator[Sink]:
    """Write the file `path` in the folder `out` under a temporary name, and rename it once it is whole.

    A reader never sees half a file, and after an error there is no file at `path`. If the same file is written twice,
    as runners do when they retry, the last one stays. The bytes are synced before the file gets its name, and the
    folder after that, so a file with its name is whole even after a loss of power.
    """
    temporary = posixpath.join(out, TEMPORARY, uuid.uuid4().hex)
    final = posixpath.join(out, path)
    if is_remote(out):
        stream = cast(BinaryIO, Upload(final))
    else:
        os.makedirs(posixpath.dirname(temporary), exist_ok=True)
        make_folders(posixpath.dirname(final))
        stream = open(temporary, "wb")  # noqa: SIM115  (closed below, on either path)
    sink = Sink(path, stream)
    try:
        with stream:
            yield sink
            if not is_remote(out):
                stream.flush()
                os.fsync(stream.fileno())
    except BaseException:
        if not is_remote(out):
            with contextlib.suppress(OSError):
                os.remove(temporary)
        raise
    if not is_remote(out):
        os.replace(temporary, final)
        sync_folder(posixpath.dirname(final))


@contextlib.contextmanager
def folder_for(out: str) -> Iterator[Path]:
    """A local folder, with nothing in it, for files that go to the folder `out` when they are whole (see `moved`)."""
    if is_remote(out):
        around = None
    else:
        around = posixpath.join(out, TEMPORARY)
        os.makedirs(around, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=around) as folder:
        yield Path(folder)


def moved(out: str, path: str, local: Path) -> Written:
    """Let a local file of `folder_for` become the file `path` in the folder `out`, by the rules of `write_whole`.

    On a local disk it is hashed and renamed, and not written once more.
    """
    if is_remote(out):
        with write_whole(out, path) as sink, local.open("rb") as stream:
            shutil.copyfileobj(stream, sink.stream, 1 << 20)
        return sink.written
    final = posixpath.join(out, path)
    make_folders(posixpath.dirname(final))
    with local.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        os.fsync(stream.fileno())
        written = Written(path, os.fstat(stream.fileno()).st_size, digest)
    os.replace(local, final)
    sync_folder(posixpath.dirname(final))
    return written


def write_bytes(out: str, path: str, data: bytes) -> Written:
    """Write a small file."""
    with write_whole(out, path) as sink:
        sink.stream.write(data)
    return sink.written


def put_new(path: str, data: bytes) -> bool:
    """Write a small file unless it exists. Returns whether it was written. Of several writers at once, only one
    writes."""
    if is_remote(path):
        return object_store.put_new(path, data)
    os.makedirs(posixpath.dirname(path), exist_ok=True)
    half = f"{path}.{uuid.uuid4().hex}"
    with open(half, "xb") as stream:
        stream.write(data)
    try:
        os.link(half, path)
    except FileExistsError:
        return False
    finally:
        os.remove(half)
    return True


def sha256(path: str, start: int = 0, end: int | None = None) -> str:
    """Returns the SHA-256 of a file, or of a stretch of it, in hex."""
    digest, rest = hashlib.sha256(), sys.maxsize if end is None else end - start
    with open_read(path) as stream:
        stream.seek(start)
        while chunk := stream.read(min(1 << 20, rest)):
            digest.update(chunk)
            rest -= len(chunk)
    return digest.hexdigest()
