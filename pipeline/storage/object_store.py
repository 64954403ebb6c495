"""Reads and writes object stores and Hadoop. It sends few requests, many at once, and repeats one while its error may
pass. Errors say what to do. Each process keeps one client for each store.
"""

import contextlib
import errno
import functools
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from fnmatch import fnmatchcase
from importlib.util import find_spec
from typing import Any, BinaryIO, NamedTuple, TypeVar, cast

from massivetext.pipeline.storage import beam_internals
from massivetext.pipeline.storage.ranged import Ranged
from massivetext.pipeline.storage.retries import retried, status
from massivetext.pipeline.storage.store import Store

BUFFER = 16 << 20  # bytes of one request, if a file is read from beginning to end
READ_ONLY = ("https", "http", "hf")  # schemes of inputs that other modules read
AT_ONCE = 8  # the most requests at a time, and the most buffers that are held
_NEEDS = {
    "gs": ("google.cloud.storage", ".[gcp]"),
    "s3": ("boto3", ".[aws]"),
    "hdfs": ("hdfs", "apache-beam[hadoop]"),
}
"""For each scheme, a module and the extra to install if it is missing."""

Result = TypeVar("Result")


class Match(NamedTuple):
    """A file that a glob matches: its name, its size, a stamp that changes when the file is written again, and the path
    that opens exactly this state of it."""

    name: str
    bytes: int
    stamp: str
    path: str


class StoreError(OSError):
    """A store cannot be reached, or refuses a request. The message says where and why."""

    def __init__(self, message: str) -> None:
        super().__init__(errno.EIO, message)

    def __str__(self) -> str:
        return self.strerror or ""


@contextlib.contextmanager
def _told(path: str) -> Iterator[None]:
    """Turn the errors of every library into FileNotFoundError, if there is no such object, or StoreError."""
    try:
        yield
    except (StoreError, FileNotFoundError, FileExistsError):
        raise
    except Exception as error:
        if status(error) == 404 or getattr(error, "errno", None) == errno.ENOENT:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path) from error
        raise StoreError(f"{path}: {type(error).__name__}: {error}") from error


@functools.cache
def _systems(scheme: str) -> Any:
    """Returns Beam's FileSystems. Raises StoreError if the package that a scheme needs is not installed."""
    if scheme in READ_ONLY:
        raise StoreError(
            f"{scheme}:// can be read, not written to: expected {'://, '.join(_NEEDS)}:// or a folder"
        )
    if scheme not in _NEEDS:
        raise StoreError(
            f"{scheme}:// is not a known file system: expected {'://, '.join((*_NEEDS, *READ_ONLY))}://"
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
def _store(scheme: str, process: int) -> Store:
    """Returns a store, with the options of the command."""
    systems = _systems(scheme)  # raises an error that says what is missing
    if scheme == "gs":
        from massivetext.pipeline.storage.google import Google

        return Google(_client(scheme, process))
    if scheme == "s3":
        from massivetext.pipeline.storage.amazon import Amazon

        return Amazon(_client(scheme, process))
    from massivetext.pipeline.storage.hadoop import Hadoop

    return Hadoop(scheme, systems.get_filesystem(f"{scheme}://"))


@functools.cache
def _client(scheme: str, process: int) -> Any:
    """Returns the client of a store's own library, which Beam makes with the options of the command."""
    del process  # a forked process needs its own connections
    _systems(scheme)
    return beam_internals.store_client(scheme, beam_internals.options_in_force())


def _of(path: str) -> tuple[Store, str, str]:
    """Returns the store of a path, its bucket, and its key."""
    scheme, _, rest = path.partition("://")
    bucket, _, key = rest.partition("/")
    return _store(scheme, os.getpid()), bucket, key


def _ranged(path: str, least: int) -> Ranged:
    """Returns a stream of an object. Each request asks for at least `least` bytes. Raises StoreError."""
    store, bucket, key = _of(path)

    def fetch(start: int, end: int) -> bytes:
        with _told(path):
            return retried(f"{path} {start}", lambda: store.fetch(bucket, key, start, end))

    with _told(path):
        size = retried(path, lambda: store.size(bucket, key))
    return Ranged(size, least, fetch)


def open_read(path: str, buffer: int = BUFFER) -> BinaryIO:
    """Returns a seekable stream of an object. Each request asks for at least `buffer` bytes."""
    return cast(BinaryIO, _ranged(path, buffer))


def open_ahead(path: str) -> BinaryIO:
    """Like open_read, with the first bytes already fetched."""
    reader = _ranged(path, BUFFER)
    reader.look_ahead()
    return cast(BinaryIO, reader)


def exists(path: str) -> bool:
    store, bucket, key = _of(path)
    try:
        with _told(path):
            retried(path, lambda: store.size(bucket, key))
    except FileNotFoundError:
        return False
    return True


def stamped(pattern: str) -> list[Match]:
    """Yields the objects that a glob matches, in any order. The stamp is the time at which an object was written."""
    store, bucket, key = _of(pattern)
    prefix, root = re.split(r"[*?[]", key, maxsplit=1)[0], pattern.removesuffix(key)
    with _told(pattern):
        return [
            Match(root + one.key, one.size, one.stamp, root + one.key)
            for one in store.listed(bucket, prefix)
            if is_match(one.key.split("/"), key.split("/"))
        ]


def is_match(names: list[str], patterns: list[str]) -> bool:
    """Whether a glob matches, by the rules of Python's `glob`: `**` matches any number of folders, and no wildcard
    matches a leading dot. Beam's own rules differ."""
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
    """Write a small object by one request, so that no reader ever sees a part of it."""
    store, bucket, key = _of(path)
    with _told(path):
        retried(path, lambda: store.put(bucket, key, data))


def put_large(path: str, stream: BinaryIO, size: int) -> None:
    """Write an object of any size from a stream. No reader sees a part of it, and an error leaves no part behind."""
    store, bucket, key = _of(path)
    with _told(path):
        store.put_large(bucket, key, stream, size)


def put_new(path: str, data: bytes) -> bool:
    """Write a small object unless it exists. Returns whether it was written."""
    store, bucket, key = _of(path)
    try:
        with _told(path):
            retried(path, lambda: store.put_new(bucket, key, data))
    except (StoreError, FileExistsError) as error:
        if isinstance(error, StoreError) and status(error.__cause__) not in (409, 412):
            raise
        with open_read(path) as stream:
            return stream.read() == data  # the object was written, and only the answer was lost
    return True


def location(path: str) -> str:
    """Returns the location of a `gs://` bucket, such as EU or EUROPE-WEST4. Raises StoreError if there is none."""
    name = path.split("/")[2]
    with _told(path):
        bucket = _client("gs", os.getpid()).lookup_bucket(name)
    if bucket is None:
        raise StoreError(f"there is no bucket {name}, or this account may not see it")
    return str(bucket.location)


def delete(path: str) -> None:
    store, bucket, key = _of(path)
    with _told(path):
        store.delete(bucket, [key])


def delete_tree(folder: str) -> None:
    """Delete all objects in a folder."""
    store, bucket, key = _of(folder.rstrip("/") + "/")
    with _told(folder):
        store.delete(bucket, [one.key for one in store.listed(bucket, key)])


def at_once(calls: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """Yields the results of some calls, in order. The next few calls run while the caller works on a result."""
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
