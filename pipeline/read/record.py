"""The interface of readers, and the objects that they yield."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, NamedTuple

from massivetext.pipeline.read.settings import COLUMNS, LIMITS, PAGES, Columns, Limits, Pages
from massivetext.pipeline.storage.origin import WHOLE, Span


class Record(NamedTuple):
    """One document as found in a file. `text` is valid Unicode (no lone surrogates).

    `licence_mark`: the kind of mark by which a web page states its licence (`filters.licence.creative_commons`).
    `charset` and `charset_origin`: see `pipeline.read.formats.charset`; None where the format leaves no choice.
    `robots`: see `pipeline.read.robots`. `captured`: when a crawler fetched it, in UTC. `sentences_left_out`: how many
    sentences a reader left out because it could not tell all their words; None of readers that never do.
    `source_id`: the source's own id. `kept`: the fields that the configuration keeps, as they were found.
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
    sentences_left_out: int | None = None
    source_id: str | None = None
    kept: dict[str, object] | None = None
    licence_mark: str | None = None


class Failure(NamedTuple):
    """A record that could not be read: its offset, the reason, and its bytes in the file (0: unknown)."""

    offset: int
    error: str
    size: int = 0


class Skipped(NamedTuple):
    """A record that holds no document: its kind, of the few that a reader knows, and its bytes in the file."""

    kind: str
    size: int = 0


EMPTY_FILE = "file without a record"
"""The kind of Skipped that a file is in which a reader finds nothing, not even what it passes over."""

Found = Record | Failure | Skipped


def _always(_: int) -> bool:
    return True


@dataclass(frozen=True)
class Input:
    """An open file of a source. `name` is its path as matched; only its suffixes matter to a reader.

    Only readers of a kind whose `is_divisible` says so get a `span` other than WHOLE. Of an index, `records` is the
    path of the folder in which the records lie that it names. `is_taken` tells of a record's offset whether
    it is in the sample that is read: a reader for which a record is dear asks before it reads one.
    """

    name: str
    stream: BinaryIO
    limits: Limits = LIMITS
    columns: Columns = COLUMNS
    span: Span = WHOLE
    records: str | None = None
    is_taken: Callable[[int], bool] = _always
    pages: Pages = PAGES


Reader = Callable[[Input], Iterator[Found]]
"""Yields the documents of one file in order. Bad records are yielded as Failures, records that are no
documents as Skipped, and nothing is raised; a file that breaks off yields a last Failure. No two documents
have the same offset. Memory stays bounded by `limits.record_bytes`, not the file. Only an error of the file
system itself (OSError from `stream`) may be raised."""
