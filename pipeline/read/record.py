"""What every reader yields, and the one interface they share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, NamedTuple


class Record(NamedTuple):
    """One document as found in a file. `text` is valid Unicode (no lone surrogates).

    `charset` and `charset_origin`: see `pipeline.read.charset`; None where the format leaves no choice.
    `robots`: see `pipeline.read.robots`. `captured`: when a crawler fetched it, in UTC.
    """

    offset: int
    text: str
    url: str | None = None
    title: str | None = None
    licence: str | None = None
    charset: str | None = None
    charset_origin: str | None = None
    robots: list[str] | None = None
    captured: datetime | None = None


class Failure(NamedTuple):
    """A record that could not be read: where, why, and how many bytes of the file it took (0: unknown)."""

    offset: int
    error: str
    size: int = 0


class Skipped(NamedTuple):
    """A record that is no document: its kind, of the few that a reader knows, and how many bytes it took."""

    kind: str
    size: int = 0


Found = Record | Failure | Skipped


@dataclass(frozen=True)
class Limits:
    """What a reader accepts; beyond it a record is a Failure and reading goes on."""

    record_bytes: int = 64 << 20  # a single decompressed record
    expansion_ratio: int = 1000  # decompressed / compressed bytes of a file, checked past the first 16 MiB

    def __post_init__(self) -> None:
        if min(self.record_bytes, self.expansion_ratio) < 1:
            raise ValueError("limits start at 1")


@dataclass(frozen=True)
class Columns:
    """Which fields of JSONL and Parquet records hold what. A missing optional field is no error."""

    text: str = "text"
    url: str = "url"
    title: str = "title"
    licence: str = "licence"
    captured: str = "timestamp"  # ISO 8601


class Span(NamedTuple):
    """Where the records to be read begin, in bytes of the file: from `start` to before `end` (None: its end)."""

    start: int = 0
    end: int | None = None

    def holds(self, position: int) -> bool:
        return self.start <= position and (self.end is None or position < self.end)


WHOLE = Span()


@dataclass(frozen=True)
class Input:
    """An open file of a source. `name` is its path as matched; only its suffixes matter to a reader.

    Readers of files that `registry.is_divisible` denies may pass over `span`, which then is WHOLE.
    """

    name: str
    stream: BinaryIO
    limits: Limits = Limits()
    columns: Columns = Columns()
    span: Span = WHOLE


Reader = Callable[[Input], Iterator[Found]]
"""Yields the documents of one file in order. Bad records are yielded as Failures, records that are no
documents as Skipped, and nothing is raised; a file that breaks off yields a last Failure. No two documents
have the same offset. Memory stays bounded by `limits.record_bytes`, not the file. Only an error of the file
system itself (OSError from `stream`) may be raised."""
