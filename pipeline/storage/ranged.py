"""A seekable stream of a file that is fetched by requests for ranges of its bytes."""

import io
import os
from collections.abc import Callable
from typing import Any


class Ranged(io.RawIOBase):
    """A seekable stream of `size` bytes. `fetch(start, end)` returns those from `start` to before `end`.

    Each request asks for at least `least` bytes, if the file has so many. The stream holds bytes beyond those that were
    read for the next read; with `least` 1 there are none.
    """

    def __init__(self, size: int, least: int, fetch: Callable[[int, int], bytes]) -> None:
        self._size, self._least, self._fetch = size, least, fetch
        self._held, self._held_at, self._position = b"", 0, 0

    def look_ahead(self) -> None:
        """Request the first bytes now, so that they are there when they are read."""
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
        data = self._held_bytes(size)
        if len(data) < size:
            start = self._position + len(data)
            end = min(self._size, start + max(size - len(data), self._least))
            fetched = self._fetch(start, end)
            data += fetched[: size - len(data)]
            self._held, self._held_at = (fetched, start) if self._least > 1 else (b"", 0)
        self._position += len(data)
        return data

    def _held_bytes(self, size: int) -> bytes:
        """Returns those of the next bytes that an earlier request fetched."""
        at = self._position - self._held_at
        return self._held[at : at + size] if 0 <= at < len(self._held) else b""

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def readall(self) -> bytes:
        return self.read()

    def close(self) -> None:
        self._held = b""
        super().close()
