"""The output of a part."""

import contextlib
from collections.abc import Callable, Iterator
from typing import IO, Any

from massivetext.pipeline.storage import files
from massivetext.pipeline.storage.files import Written


class Output:
    """Writes files in OUT, each whole or not at all. `check` raises an error if the part must not write."""

    def __init__(self, out: str, check: Callable[[], None] = lambda: None) -> None:
        self.out = out
        self._check = check
        self.files: list[Written] = []

    @contextlib.contextmanager
    def file(self, path: str) -> Iterator[IO[Any]]:
        with files.write_whole(self.out, path) as sink:
            yield sink.stream
            self._check()  # before the file gets its name
        self.files.append(sink.written)
