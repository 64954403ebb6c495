"""A window: the next bytes of a decompressed file, which never span a break in it."""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeVar

from massivetext.pipeline.read.formats.decompress import OUTPUT, BrokenError, Decompressed
from massivetext.pipeline.read.record import Failure

Taken = TypeVar("Taken")


class Window:
    """The bytes of `source` that were read but not yet dropped: `data`, which begins at `offset`.

    Bytes before and after a break are never in the window together, so that they are not joined by mistake. Filling
    stops at a break until `pass_break` is called.
    """

    def __init__(self, source: Decompressed | BinaryIO, offset: int = 0) -> None:
        self._source = source
        self.broken: BrokenError | None = None
        self._ended = False
        self.data = bytearray()
        self.offset = offset

    def fill(self, size: int) -> bool:
        """Reads on. Returns whether `data` now holds `size` bytes; if not, it holds all up to the break or the end."""
        while len(self.data) < size and not self._ended:
            try:
                more = self._source.read(OUTPUT)
            except BrokenError as broken:
                self.broken, self._ended = broken, True
            else:
                self.data += more
                self._ended = not more
        return len(self.data) >= size

    def drop(self, size: int) -> None:
        """Forgets the first `size` bytes."""
        del self.data[:size]
        self.offset += size

    def taken(
        self, blank: re.Pattern[bytes], take: Callable[[], Taken | Failure]
    ) -> Iterator[Taken | Failure]:
        """Yields the results of `take`, which takes from the window's start, up to the end of the file, and a Failure
        for each break.

        Drops all that matches `blank` between them.
        """
        while True:
            unread = None
            while not unread and self.pass_over(blank):
                found = take()
                if isinstance(found, Failure) and not self.data:
                    unread = found
                else:
                    yield found
            failure = self.pass_break(unread)
            if failure is None:
                return
            yield failure

    def pass_over(self, blank: re.Pattern[bytes]) -> bool:
        """Drops all that matches `blank`, which may match nothing. Returns whether anything follows."""
        while self.fill(1):
            match = blank.match(self.data)
            if not match or not match.end():
                return True
            self.drop(match.end())
        return False

    def pass_break(self, unread: Failure | None = None) -> Failure | None:
        """Passes the break after all data were dropped. Returns it as a Failure, or None at the end of the file.

        `unread` is the Failure of the bytes just before the break, which belongs to it.
        """
        broken = self.broken
        if broken is None:
            return unread
        self.broken, self._ended = None, False
        if unread is None:
            return Failure(self.offset, broken.error, broken.size)
        return Failure(unread.offset, f"{unread.error}; {broken.error}", unread.size + broken.size)
