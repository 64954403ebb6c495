"""A look ahead into a decompressed file, which never spans a break in it."""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeVar

from massivetext.pipeline.read.formats.decompress import OUTPUT, BrokenError, Decompressed
from massivetext.pipeline.read.record import Failure

Taken = TypeVar("Taken")


class Window:
    """The bytes of `source` read but not yet dropped: `data`, the first of which stands at `offset`.

    Bytes before and after a break are never in the window together, so that nothing is glued over it:
    filling stops at a break until `pass_break` is called.
    """

    def __init__(self, source: Decompressed | BinaryIO, offset: int = 0) -> None:
        self._source = source
        self.broken: BrokenError | None = None
        self._ended = False
        self.data = bytearray()
        self.offset = offset

    def fill(self, size: int) -> bool:
        """Whether `data` now holds `size` bytes; if not, it holds all up to the break or the end."""
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
        """What `take` finds at the window's start and drops, up to the end of the file, and a Failure for each break.

        What matches `blank` is passed over in between.
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
        """Drops all that matches `blank`, which may match nothing; whether anything follows it."""
        while self.fill(1):
            match = blank.match(self.data)
            if not match or not match.end():
                return True
            self.drop(match.end())
        return False

    def pass_break(self, unread: Failure | None = None) -> Failure | None:
        """Once all data is dropped: the break they led up to, as a Failure, or None at the end of the file.

        `unread` is what could not be read just before the break, and so belongs to it.
        """
        broken = self.broken
        if broken is None:
            return unread
        self.broken, self._ended = None, False
        if unread is None:
            return Failure(self.offset, broken.error, broken.size)
        return Failure(unread.offset, f"{unread.error}; {broken.error}", unread.size + broken.size)
