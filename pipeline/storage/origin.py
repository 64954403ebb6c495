"""Origins: the files of a source from which documents come, or spans of them."""

from dataclasses import dataclass, field
from typing import NamedTuple

from massivetext.pipeline.storage import files


class Span(NamedTuple):
    """A span of a file, in bytes: records that begin from `start` to before `end` (None: the file's end) are read."""

    start: int = 0
    end: int | None = None

    def holds(self, position: int) -> bool:
        return self.start <= position and (self.end is None or position < self.end)


WHOLE = Span()


@dataclass(frozen=True)
class Folder:
    """A folder: its name in the configuration, and the path by which its files are opened."""

    name: str
    path: str = field(repr=False)


@dataclass(frozen=True)
class Sample:
    """The share of a file's records that is read, chosen by seeded hashes."""

    share: float
    seed: int


INDEXED = 64  # bytes of records for each byte of an index, about


@dataclass(frozen=True)
class Origin:
    """A file of a source, or a span of one: its name in the configuration (from which ids are made), the path to open,
    the span to read, and a stamp that shows a change without reading the file. For an index of records, `records` is
    the folder of the files that it names. `sample` chooses the records to read; None: all."""

    name: str
    path: str = field(repr=False)
    bytes: int
    span: Span = WHOLE
    stamp: str = ""
    records: Folder | None = None
    sample: Sample | None = None

    @property
    def work(self) -> int:
        """About how many bytes are read for it. Files are divided and grouped into parts by this number."""
        return self.bytes * INDEXED if self.records else self.bytes

    def content(self) -> str:
        """Returns what shows whether its content has changed: a hash, or its stamp in an object store, since a hash
        would need the whole file."""
        if files.is_remote(self.path):
            return self.stamp
        return files.sha256(self.path, self.span.start, self.span.end)
