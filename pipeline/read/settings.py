"""How files are read: what readers refuse, and which fields of a record hold what."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a reader accepts; beyond it a record is a Failure and reading goes on."""

    record_bytes: int = 64 << 20  # a single decompressed record
    window_bytes: int = 1 << 31  # of a zstd or xz file: memory that it may demand while it is read
    expansion_ratio: int = 1000  # decompressed / compressed bytes of a file, checked past the first 16 MiB

    def __post_init__(self) -> None:
        if min(self.record_bytes, self.window_bytes, self.expansion_ratio) < 1:
            raise ValueError("limits start at 1")


@dataclass(frozen=True)
class Columns:
    """Which fields of JSONL and Parquet records hold what. A missing optional field is no error."""

    text: str = "text"
    url: str = "url"
    title: str = "title"
    licence: str = "licence"
    captured: str = "timestamp"  # ISO 8601


LIMITS = Limits()
COLUMNS = Columns()
"""The defaults."""
