"""The output of a part."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
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

    @contextlib.contextmanager
    def folder(self, inside: str) -> Iterator[Path]:
        """A local folder for a library that writes only to paths. What is in it at the end goes to the folder `inside`
        of OUT."""
        with files.folder_for(self.out) as local:
            yield local
            self._check()
            for path in sorted(local.iterdir()):
                self.files.append(files.moved(self.out, f"{inside}/{path.name}", path))
