"""Requests to Hadoop's file system, by Beam's client."""

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from massivetext.pipeline.storage.retries import CutOffError, retried
from massivetext.pipeline.storage.store import Listed


class Hadoop:
    """A store by Beam's file system of a scheme. A bucket is a server, and a key is a path on it."""

    def __init__(self, scheme: str, system: Any) -> None:
        self._scheme, self._system = scheme, system

    def _path(self, bucket: str, key: str) -> str:
        return f"{self._scheme}://{bucket}/{key}"

    def size(self, bucket: str, key: str) -> int:
        with self._open(bucket, key) as stream:
            return int(stream.seek(0, 2))

    def fetch(self, bucket: str, key: str, start: int, end: int) -> bytes:
        with self._open(bucket, key) as stream:
            stream.seek(start)
            data: bytes = stream.read(end - start)
        if len(data) != end - start:
            raise CutOffError(f"{len(data)} of {end - start} bytes came")
        return data

    def _open(self, bucket: str, key: str) -> Any:
        return contextlib.closing(self._system.open(self._path(bucket, key), compression_type=_plain()))

    def put(self, bucket: str, key: str, data: bytes) -> None:
        with self._system.create(self._path(bucket, key), "application/octet-stream", _plain()) as stream:
            stream.write(data)

    def put_new(self, bucket: str, key: str, data: bytes) -> None:
        """Ask first whether the object exists, since no single request does both."""
        if self._system.exists(self._path(bucket, key)):
            raise FileExistsError(self._path(bucket, key))
        self.put(bucket, key, data)

    def put_large(self, bucket: str, key: str, stream: BinaryIO, size: int) -> None:  # noqa: ARG002
        """Write under another name first, since readers can see a file that is being written."""
        half, whole = self._path(bucket, f"{key}.half"), self._path(bucket, key)
        try:
            with self._system.create(half, "application/octet-stream", _plain()) as sink:
                shutil.copyfileobj(stream, sink, 1 << 20)
            self._system.rename([half], [whole])
        except BaseException:
            with contextlib.suppress(Exception):  # the error that stopped the upload is raised, not this one
                self._system.delete([half])
            raise

    def listed(self, bucket: str, prefix: str) -> Iterator[Listed]:
        found = retried(prefix, lambda: self._system.match([self._path(bucket, prefix) + "**"]))
        for one in found[0].metadata_list:
            key = one.path.removeprefix(self._path(bucket, ""))
            yield Listed(key, one.size_in_bytes, str(one.last_updated_in_seconds))

    def delete(self, bucket: str, keys: Sequence[str]) -> None:
        there = [path for key in keys if self._system.exists(path := self._path(bucket, key))]
        if there:
            retried(there[0], lambda: self._system.delete(there))


def _plain() -> Any:
    from apache_beam.io.filesystem import CompressionTypes

    return CompressionTypes.UNCOMPRESSED
