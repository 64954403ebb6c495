"""Where documents come from: a file of a source, or a span of one."""

from dataclasses import dataclass, field
from typing import NamedTuple

from massivetext.pipeline.storage import files


class Span(NamedTuple):
    """Where the records to be read begin, in bytes of the file: from `start` to before `end` (None: its end)."""

    start: int = 0
    end: int | None = None

    def holds(self, position: int) -> bool:
        return self.start <= position and (self.end is None or position < self.end)


WHOLE = Span()


@dataclass(frozen=True)
class Folder:
    """A folder: its name as configured, and the path by which its files are opened."""

    name: str
    path: str = field(repr=False)


@dataclass(frozen=True)
class Sample:
    """The share of a file's records that are read, chosen by hashes with a seed."""

    share: float
    seed: int


INDEXED = 64  # bytes of records, about, for each byte of an index of them


@dataclass(frozen=True)
class Origin:
    """A file of a source, or a span of one: its name as configured, which ids are made from, where it is opened,
    the bytes to be read, and what tells without reading it whether it is what it was. Of an index `records` is the
    folder in which the records lie that it names. `sample`: which of its records are read, None for all."""

    name: str
    path: str = field(repr=False)
    bytes: int
    span: Span = WHOLE
    stamp: str = ""
    records: Folder | None = None
    sample: Sample | None = None

    @property
    def work(self) -> int:
        """The bytes that are read for it, about: by them files are divided and share parts."""
        return self.bytes * INDEXED if self.records else self.bytes

    def content(self) -> str:
        """What tells whether it holds what it held: a hash; in an object store, which would have to send it, its
        stamp."""
        if files.is_remote(self.path):
            return self.stamp
        return files.sha256(self.path, self.span.start, self.span.end)
