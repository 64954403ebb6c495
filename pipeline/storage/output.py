"""Where a part writes."""

import contextlib
from collections.abc import Iterator
from typing import IO, Any

from massivetext.pipeline.storage import files
from massivetext.pipeline.storage.files import Written


class Output:
    """Where a part writes: files within OUT, each whole or not at all."""

    def __init__(self, out: str) -> None:
        self.out = out
        self.files: list[Written] = []

    @contextlib.contextmanager
    def file(self, path: str) -> Iterator[IO[Any]]:
        with files.write_whole(self.out, path) as sink:
            yield sink.stream
        self.files.append(sink.written)
