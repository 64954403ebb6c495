"""Write-only streams: one hashes its bytes, the other sends them to an object store when the object is whole."""

import hashlib
import tempfile
from typing import Any, BinaryIO, Self, cast

from massivetext.pipeline.storage import object_store

_AT_ONCE_BYTES = 4 << 20  # the most bytes of an object that is written by one request


class WriteOnly:
    """A stream for writers of Parquet or of compressed data, around another stream, which its owner closes. Subclasses
    define `write` and `tell`."""

    closed = False

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def flush(self) -> None:
        self._stream.flush()

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        """Do nothing: the owner of the stream closes it."""


class Hashing(WriteOnly):
    """A binary stream that counts and hashes what is written to it."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self.hash = hashlib.sha256()
        self.bytes = 0

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        self.hash.update(view)
        self.bytes += view.nbytes
        self._stream.write(view)
        return view.nbytes

    def tell(self) -> int:
        return self.bytes


class Upload:
    """An object that is being written. It is held here (on disk beyond a few megabytes), and sent when it is whole."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._held = tempfile.SpooledTemporaryFile(_AT_ONCE_BYTES)  # noqa: SIM115  (closed below)

    def write(self, data: memoryview) -> None:
        self._held.write(data)

    def flush(self) -> None:
        """Do nothing: the object is sent only when it is whole."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        with self._held as held:
            size = held.tell()
            held.seek(0)
            if kind is None and size <= _AT_ONCE_BYTES:
                object_store.put(self._path, held.read())
            elif kind is None:
                object_store.put_large(self._path, cast(BinaryIO, held), size)
