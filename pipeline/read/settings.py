"""The settings of readers: the limits of what they accept, and the fields of records."""

from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from pydantic import ConfigDict


@dataclass(frozen=True)
class Limits:
    """The limits of what a reader accepts. A record beyond one is a Failure, and reading goes on."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    record_bytes: int = 64 << 20
    """The most bytes of a record after decompression."""
    window_bytes: int = 1 << 31
    """The most bytes of memory for the window of a zstd or xz file."""
    expansion_ratio: int = 1000
    """The most decompressed bytes for each compressed byte of a file. It is checked after the first 16 MiB."""
    plugin_seconds: float = field(default=60, repr=False)
    """The most seconds for a call of a plugin's function, which handles a batch of documents, or some records."""
    failed: float = field(
        default=0.01, repr=False
    )  # what is read does not depend on it: keys are made of the repr
    """The share of a source's records that may fail. If more fail, the run ends with exit status 1."""

    def __post_init__(self) -> None:
        if self.plugin_seconds <= 0:
            raise ValueError("`plugin_seconds`: expected a number above 0")
        if min(self.record_bytes, self.window_bytes, self.expansion_ratio) < 1:
            raise ValueError(
                "`record_bytes`, `window_bytes` and `expansion_ratio`: expected numbers of at least 1"
            )
        if not 0 <= self.failed <= 1:
            raise ValueError("`failed`: expected a share from 0 to 1")


ALL = "all"
COLUMN_TYPES = ("text", "number", "integer", "boolean", "date", "json")


@dataclass(frozen=True)
class Columns:
    """The fields of records in JSONL, Parquet and other tables. A missing optional field is no error."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    text: str = "text"
    """The field that holds the text. A dot leads into nested fields."""
    url: str = "url"
    """The field that holds the URL."""
    title: str = "title"
    """The field that holds the title."""
    licence: str = "licence"
    """The field that holds the licence."""
    id: str = "id"
    """The field that holds the source's own id. documents/ has it as `source_id`, beside our id."""
    keep: tuple[str, ...] | dict[str, str] | Literal["all"] = ()
    """The fields that become columns of documents/: a list, a mapping from names to types (text, number, integer,
    boolean, date, json), or `all` for all fields as JSON in one column."""
    captured: str = "timestamp"
    """The field that holds the time of the crawl, as ISO 8601."""

    def __post_init__(self) -> None:
        named = self.keep.values() if isinstance(self.keep, dict) else ()
        if unknown := [name for name in named if name not in COLUMN_TYPES]:
            raise ValueError(
                f"`{unknown[0]}` is not the type of a column: expected one of {', '.join(COLUMN_TYPES)}"
            )

    def with_types(self, types: dict[str, str]) -> "Columns":
        """Returns these columns with the types of those that are kept."""
        return replace(self, keep=types)

    @property
    def kept(self) -> tuple[str, ...]:
        """The fields that are kept by name."""
        return () if self.keep == ALL else tuple(self.keep)


@dataclass(frozen=True)
class Pages:
    """How the texts of HTML pages are written, and what of them is text beside the main content."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    markdown: bool = False
    """Whether texts are Markdown: headings, lists, quotes, tables, code; links are text. Else they are plain."""
    comments: Literal["drop", "keep"] = "drop"
    """Whether the comments of readers on an article, or on answers to a question, are dropped or kept. The posts of a
    forum are always kept."""
    authors: Literal["drop", "keep"] = "keep"
    """Whether the names of the authors of posts are dropped or kept, where a page is read as parts."""


LIMITS = Limits()
COLUMNS = Columns()
"""The default columns."""
PAGES = Pages()
"""How pages are written by default."""
