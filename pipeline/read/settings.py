"""How files are read: what readers refuse, and which fields of a record hold what."""

from dataclasses import dataclass, field
from typing import ClassVar

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
    failed: float = field(
        default=0.01, repr=False
    )  # what is read does not depend on it: keys are made of the repr
    """Share of a source's records that may fail; of more, the exit status is 1."""

    def __post_init__(self) -> None:
        if min(self.record_bytes, self.window_bytes, self.expansion_ratio) < 1:
            raise ValueError("limits start at 1")
        if not 0 <= self.failed <= 1:
            raise ValueError("`failed` is a share, from 0 to 1")


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
    captured: str = "timestamp"
    """The field with the time of the crawl, as ISO 8601."""


LIMITS = Limits()
COLUMNS = Columns()
"""The defaults."""
