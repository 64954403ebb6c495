"""Object stores and Hadoop, through Beam's file systems: few requests, many at once, and errors that say what to do.

Beam opens a new connection for every call; here one client of Beam's is kept for each store and process.
"""

import contextlib
import errno
import functools
import io
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from fnmatch import fnmatchcase
from importlib.util import find_spec
from typing import Any, BinaryIO, NamedTuple, TypeVar, cast

from massivetext.pipeline.storage import beam_internals

BUFFER = 16 << 20  # bytes of one request where a file is read through
READ_ONLY = ("https", "http", "hf")  # schemes of inputs that other modules read
AT_ONCE = 8  # requests under way; also how many buffers may be held
_NEEDS = {
    "gs": ("google.cloud.storage", ".[gcp]"),
    "s3": ("boto3", ".[aws]"),
    "hdfs": ("hdfs", "apache-beam[hadoop]"),
}
"""Of a scheme: a module, and what to install where it is missing."""

Result = TypeVar("Result")


class Match(NamedTuple):
    """A file that a glob matches: its name, its bytes, a stamp that a file written anew has another of, and the path by
    which just this state of it is opened."""

    name: str
    bytes: int
    stamp: str
    path: str


class StoreError(OSError):
    """A store that cannot be reached, or does not do what is asked; the message says where and why."""

    def __init__(self, message: str) -> None:
        super().__init__(errno.EIO, message)

    def __str__(self) -> str:
        return self.strerror or ""


@contextlib.contextmanager
def _told(path: str) -> Iterator[None]:
    """Every library's errors as one: FileNotFoundError where there is no such object, else StoreError."""
    try:
        yield
    except (StoreError, FileNotFoundError):
        raise
    except Exception as error:
        if getattr(error, "code", None) == 404 or getattr(error, "errno", None) == errno.ENOENT:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path) from error
        raise StoreError(f"{path}: {type(error).__name__}: {error}") from error


@functools.cache
def _systems(scheme: str) -> Any:
    """Beam's FileSystems; raises StoreError where what a scheme needs is not installed."""
    if scheme in READ_ONLY:
        raise StoreError(
            f"{scheme}:// can be read, not written to: expected {'://, '.join(_NEEDS)}:// or a folder"
        )
    if scheme not in _NEEDS:
        raise StoreError(
            f"{scheme}:// is no file system known here: expected {'://, '.join((*_NEEDS, *READ_ONLY))}://"
        )
    module, package = _NEEDS[scheme]
    try:
        is_there = find_spec(module) is not None
    except ModuleNotFoundError:
        is_there = False
    if not is_there:
        raise StoreError(f"{scheme}:// needs a package: pip install '{package}' in a clone of massivetext")
    from apache_beam.io.filesystems import FileSystems

    return FileSystems


@functools.cache
def _client(scheme: str, process: int) -> Any:
    """Beam's client of a store, with the options of the command; None for stores without one of their own."""
    del process  # a fork needs connections of its own
    _systems(scheme)  # says what is missing
    return beam_internals.store_client(scheme, beam_internals.options_in_force())


@functools.cache
def _system(scheme: str, process: int) -> Any:
    """Beam's file system for a scheme."""
    client, system = _client(scheme, process), _systems(scheme).get_filesystem(f"{scheme}://")
    beam_internals.share_client(scheme, system, client)
    return system


def _of(path: str) -> Any:
    return _system(path.partition("://")[0], os.getpid())


def _open(path: str, buffer: int) -> BinaryIO:
    scheme = path.partition("://")[0]
    system, client = _of(path), _client(scheme, os.getpid())
    if scheme == "gs":
        return cast(BinaryIO, client.open(path, "rb", read_buffer_size=buffer))
    if scheme == "s3":
        return cast(BinaryIO, beam_internals.s3_files(client).open(path, "rb", read_buffer_size=buffer))
    return cast(BinaryIO, system.open(path, compression_type=_uncompressed()))


class _Reader(io.RawIOBase):
    """An object read through or by ranges: asks for nothing past its end, and raises StoreError."""

    def __init__(self, path: str, buffer: int) -> None:
        self._path = path
        self._stream: BinaryIO | None = None
        with _told(path):
            self._stream = _open(path, buffer)
            self._size = self._stream.seek(0, os.SEEK_END)
            self._stream.seek(0)
        self._position = 0

    def fetch(self) -> None:
        """Ask for the first bytes now, so that they are there when they are read."""
        self.read(1)
        self.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        rest = max(0, self._size - self._position)
        size = rest if size is None or size < 0 else min(size, rest)
        if size == 0:
            return b""
        assert self._stream is not None
        with _told(self._path):
            if self._stream.tell() != self._position:
                self._stream.seek(self._position)
            data = self._stream.read(size)
        if len(data) < size:
            raise StoreError(f"{self._path}: {len(data)} of {size} bytes at {self._position}: cut off")
        self._position += size
        return data

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def readall(self) -> bytes:
        return self.read()

    def close(self) -> None:
        if self._stream is not None and not self.closed:
            self._stream.close()
        super().close()


def open_read(path: str, buffer: int = BUFFER) -> BinaryIO:
    """A seekable stream of an object; each request asks for `buffer` bytes at least."""
    return cast(BinaryIO, _Reader(path, buffer))


def open_ahead(path: str) -> BinaryIO:
    """The same, its first bytes at hand."""
    reader = _Reader(path, BUFFER)
    reader.fetch()
    return cast(BinaryIO, reader)


def exists(path: str) -> bool:
    with _told(path):
        return bool(_of(path).exists(path))


def stamped(pattern: str) -> list[Match]:
    """The objects that a glob matches, in any order; the time at which an object was written is its stamp."""
    prefix, wanted = re.split(r"[*?[]", pattern, maxsplit=1)[0], pattern.split("/")
    with _told(pattern):
        found = _of(pattern).match([prefix + "**"])[0].metadata_list
    return [
        Match(one.path, one.size_in_bytes, str(one.last_updated_in_seconds), one.path)
        for one in found
        if is_match(one.path.split("/"), wanted)
    ]


def is_match(names: list[str], patterns: list[str]) -> bool:
    """As Python's `glob`: `**` takes any number of folders, no sign takes a leading dot. Beam's own differs."""
    if not patterns or not names:
        return names == patterns
    (name, *inner), (pattern, *rest) = names, patterns
    is_shown = not name.startswith(".")
    if pattern != "**":
        fits = (is_shown or pattern.startswith(".")) and fnmatchcase(name, pattern)
        return fits and is_match(inner, rest)
    if not rest:
        return bool(names[-1]) and not any(each.startswith(".") for each in names)
    return is_match(names, rest) or (is_shown and is_match(inner, patterns))


def put(path: str, data: bytes) -> None:
    """Write a small object at once: no reader sees a part of it, whatever happens."""
    with _told(path):
        if not data and path.startswith("s3://"):  # Beam's upload in parts cannot write nothing
            bucket, key = path.removeprefix("s3://").split("/", 1)
            _client("s3", os.getpid()).client.put_object(Bucket=bucket, Key=key, Body=b"")
            return
        with _of(path).create(path, "application/octet-stream", _uncompressed()) as stream:
            stream.write(data)


def put_new(path: str, data: bytes) -> bool:
    """Write a small object unless there is one; whether it was written. A store without such a request is asked first
    whether there is one."""
    scheme, rest = path.split("://", 1)
    bucket, _, key = rest.partition("/")
    client = _client(scheme, os.getpid())
    try:
        with _told(path):
            if scheme == "s3":
                client.client.put_object(Bucket=bucket, Key=key, Body=data, IfNoneMatch="*")
                return True
            if scheme == "gs":
                client.client.bucket(bucket).blob(key).upload_from_string(data, if_generation_match=0)
                return True
    except StoreError as error:
        if _is_there_already(error.__cause__):
            return False
        raise
    if exists(path):
        return False
    put(path, data)
    return True


def _is_there_already(error: BaseException | None) -> bool:
    """Whether a store refused a request since its condition does not hold."""
    response = getattr(error, "response", None)
    told = response.get("ResponseMetadata", {}).get("HTTPStatusCode") if isinstance(response, dict) else None
    return told in (409, 412) or getattr(error, "code", None) == 412


def location(path: str) -> str:
    """Where a `gs://` bucket lies, such as EU or EUROPE-WEST4; raises StoreError where there is none."""
    name = path.split("/")[2]
    with _told(path):
        bucket = _client("gs", os.getpid()).get_bucket(name)
    if bucket is None:
        raise StoreError(f"there is no bucket {name}, or it may not be seen")
    return str(bucket.location)


def create(path: str) -> BinaryIO:
    """A stream to write an object through."""
    with _told(path):
        return cast(BinaryIO, _of(path).create(path, "application/octet-stream", _uncompressed()))


def rename(source: str, goal: str) -> None:
    """Copy within the store, then delete: `goal` stands whole before `source` goes."""
    with _told(goal):
        _of(goal).rename([source], [goal])


def delete(path: str) -> None:
    with _told(path):
        _of(path).delete([path])


def delete_tree(folder: str) -> None:
    """Delete all objects within a folder; raises StoreError where some remain."""
    inside = folder.rstrip("/") + "/"
    system = _of(folder)
    with _told(folder):
        if not system.match([inside + "**"])[0].metadata_list:
            return
        system.delete([inside])
        if system.match([inside + "**"])[0].metadata_list:  # Beam only logs what it could not delete
            raise StoreError(f"{folder}: not all of it could be deleted")


def _uncompressed() -> Any:
    from apache_beam.io.filesystem import CompressionTypes

    return CompressionTypes.UNCOMPRESSED


def at_once(calls: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """The results of some calls, in order; while one is worked on, the next few wait for their answers."""
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            for call in calls:
                waiting.append(pool.submit(call))
                if len(waiting) == AT_ONCE:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
