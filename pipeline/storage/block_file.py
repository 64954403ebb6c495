"""A local file of blocks, from which any one can be read by itself. Blocks of one key are side by side.

At its end is a JSON list with the place of each block as [tag, key, place], and other elements as [tag, null, value];
then the size of the list and its CRC-32.
"""

import contextlib
import json
import os
import uuid
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from massivetext.pipeline.storage.sealed import DamagedError

_HELD_BYTES = 48 << 20  # bytes of blocks that are held before they are written
_TOLD_BYTES = 12

Place = tuple[int, int, int]
"""The start of a block, its number of bytes, and their CRC-32."""

Entry = tuple[str | None, int | str | None, Any]


class _Blocks:
    """Collects blocks before they are written, so that those of one key become one."""

    def __init__(self, stream: BinaryIO) -> None:
        self.index: list[Entry] = []
        self._stream = stream
        self._held: dict[tuple[str | None, int | str], list[bytes]] = {}
        self._size = self._at = 0

    def add(self, tag: str | None, key: int | str, block: bytes) -> None:
        self._held.setdefault((tag, key), []).append(block)
        self._size += len(block)
        if self._size >= _HELD_BYTES:
            self._flush()

    def _flush(self) -> None:
        for (tag, key), blocks in self._held.items():
            check = 0
            for block in blocks:
                self._stream.write(block)
                check = zlib.crc32(block, check)
            size = sum(map(len, blocks))
            self.index.append((tag, key, (self._at, size, check)))
            self._at += size
        self._held, self._size = {}, 0

    def finish(self) -> None:
        self._flush()
        told = json.dumps(self.index).encode()
        self._stream.write(told)
        self._stream.write(len(told).to_bytes(8, "little") + zlib.crc32(told).to_bytes(4, "little"))


@contextlib.contextmanager
def write(path: str) -> Iterator[_Blocks]:
    """Write a file. It gets its name when all of it is on the disk; after an error there is no file."""
    half = f"{path}.{uuid.uuid4().hex}"
    try:
        with open(half, "xb") as stream:
            blocks = _Blocks(stream)
            yield blocks
            blocks.finish()
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(half, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.remove(half)
        raise


def index(path: str) -> list[Entry]:
    """Returns the places of the blocks, and the other elements."""
    with open(path, "rb") as stream:
        end = stream.seek(-_TOLD_BYTES, os.SEEK_END)
        told = stream.read()
        stream.seek(max(0, end - int.from_bytes(told[:8], "little")))
        found = stream.read(end - stream.tell())
    if zlib.crc32(found).to_bytes(4, "little") != told[8:]:
        raise _damaged(path)
    entries: list[Entry] = json.loads(found)
    return entries


def read(path: str, start: int, size: int, check: int) -> bytes:
    """Read the block at a place. Raises DamagedError if its bytes have changed since it was written."""
    with open(path, "rb", buffering=0) as stream:
        block = os.pread(stream.fileno(), size, start)
    if len(block) != size or zlib.crc32(block) != check:
        raise _damaged(path)
    return block


def _damaged(path: str) -> DamagedError:
    return DamagedError(path, "damaged: delete it, and the same command makes it again")
