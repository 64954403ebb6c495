"""Parquet files with checksums of their pages and a hash of their footer.

The footer has the places of the pages and how to read them. The hash is between the last page and the footer. The
format allows bytes there, so other readers skip them.
"""

import contextlib
import hashlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from massivetext.pipeline.storage import files
from massivetext.pipeline.storage.sealed import DamagedError
from massivetext.pipeline.storage.write_streams import WriteOnly

_TAG = b"footer:"
_HASH_BYTES = 16
_END_BYTES = 8  # the bytes at the end of a Parquet file: the footer's size, and PAR1


class _Stream(WriteOnly):
    """A stream to write to. While it `holds`, bytes that are written wait until they are released."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self._held = bytearray()
        self.holds = False

    def write(self, data: Any) -> int:
        if not self.holds:
            return int(self._stream.write(data))
        self._held += memoryview(data).cast("B")
        return memoryview(data).nbytes

    def release(self) -> None:
        self._stream.write(_TAG + _hash(self._held))
        self._stream.write(self._held)

    def tell(self) -> int:
        return int(self._stream.tell()) + len(self._held)


@contextlib.contextmanager
def writer(stream: Any, schema: pa.Schema, **options: Any) -> Iterator[pq.ParquetWriter]:
    """Yields a writer of a file with checksums of its pages and a hash of its footer."""
    held = _Stream(stream)
    with pq.ParquetWriter(held, schema, write_page_checksum=True, **options) as parquet:
        yield parquet
        held.holds = True
    held.release()


@contextlib.contextmanager
def opened(path: str) -> Iterator[pq.ParquetFile]:
    """Open a file of OUT. The footer is checked now, each page when it is read. Raises DamagedError."""
    with files.open_read(path) as stream:
        try:
            _check(path, stream)
            with pq.ParquetFile(stream, page_checksum_verification=True) as parquet:
                yield parquet
        except (OSError, pa.ArrowException) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # an error of the file system or the store
            raise DamagedError(path, f"damaged ({error}): {AGAIN}") from error


AGAIN = "delete it, and the same command makes it again"


def _check(path: str, stream: BinaryIO) -> None:
    """Raises DamagedError if the footer does not have its hash. A file without a hash is not checked."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _END_BYTES))
    footer = int.from_bytes(stream.read(4), "little") + _END_BYTES
    start = size - footer - len(_TAG) - _HASH_BYTES
    if start > 0:
        stream.seek(start)
        tag, told, held = stream.read(len(_TAG)), stream.read(_HASH_BYTES), stream.read(footer)
        if tag == _TAG and told != _hash(held):
            raise DamagedError(path, f"damaged (its footer has changed since it was written): {AGAIN}")
    stream.seek(0)


def _hash(data: bytes | bytearray) -> bytes:
    return hashlib.blake2b(data, digest_size=_HASH_BYTES).digest()
