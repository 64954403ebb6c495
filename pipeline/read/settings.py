"""How files are read: what readers refuse, and which fields of a record hold what."""

from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from pydantic import ConfigDict


@dataclass(frozen=True)
class Limits:
    """What a reader accepts. A record beyond it is a Failure, and reading goes on."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    record_bytes: int = 64 << 20
    """Bytes of a record after decompression, at most."""
    window_bytes: int = 1 << 31
    """Bytes of memory that the window of a zstd or xz file may take while it is read, at most."""
    expansion_ratio: int = 1000
    """Decompressed bytes of a file for each compressed one, at most; checked past the first 16 MiB."""
    plugin_seconds: float = field(default=60, repr=False)
    """Seconds that a call of a plugin's function may take: a batch of documents, or some records of a reader."""
    failed: float = field(
        default=0.01, repr=False
    )  # what is read does not depend on it: keys are made of the repr
    """Share of a source's records that may fail; of more, the exit status is 1."""

    def __post_init__(self) -> None:
        if self.plugin_seconds <= 0:
            raise ValueError("`plugin_seconds` is above 0")
        if min(self.record_bytes, self.window_bytes, self.expansion_ratio) < 1:
            raise ValueError("limits start at 1")
        if not 0 <= self.failed <= 1:
            raise ValueError("`failed` is a share, from 0 to 1")


ALL = "all"
COLUMN_TYPES = ("text", "number", "integer", "boolean", "date", "json")


@dataclass(frozen=True)
class Columns:
    """Which fields of JSONL and Parquet records hold what. A missing optional field is no error."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    text: str = "text"
    """The field with the text. A dot leads into nested fields."""
    url: str = "url"
    """The field with the URL."""
    title: str = "title"
    """The field with the title."""
    licence: str = "licence"
    """The field with the licence."""
    id: str = "id"
    """The field with the source's own id, which is kept beside ours as `source_id`."""
    keep: tuple[str, ...] | dict[str, str] | Literal["all"] = ()
    """Fields that become columns of documents/: a list, names with types (text, number, integer, boolean, date,
    json), or `all`, for all fields as JSON in one column."""
    captured: str = "timestamp"
    """The field with the time of the crawl, as ISO 8601."""

    def __post_init__(self) -> None:
        named = self.keep.values() if isinstance(self.keep, dict) else ()
        if unknown := [name for name in named if name not in COLUMN_TYPES]:
            raise ValueError(f"`{unknown[0]}` is no type of a column; there are {', '.join(COLUMN_TYPES)}")

    def with_types(self, types: dict[str, str]) -> "Columns":
        """These columns with the types of those that are kept."""
        return replace(self, keep=types)

    @property
    def kept(self) -> tuple[str, ...]:
        """The fields that are kept by name."""
        return () if self.keep == ALL else tuple(self.keep)


LIMITS = Limits()
COLUMNS = Columns()
"""The defaults."""
