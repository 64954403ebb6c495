"""Records that could not be read, by kind of error, with an example of each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from massivetext.pipeline.storage import files, parquet

COLUMNS = ["source", "origin_file", "origin_offset", "error"]
VARIABLE = re.compile(r"b?'(?:[^'\\]|\\.)*'|b?\"(?:[^\"\\]|\\.)*\"|\d[\d,.]*")
MOST_KINDS = 10_000  # most kinds that are counted separately


@dataclass
class FailureKind:
    """Errors of one source that differ only in numbers and quoted names: their number, and the first of them."""

    source: str
    records: int
    error: str
    origin_file: str
    origin_offset: int

    @property
    def example(self) -> str:
        """The place and the message of the first of them."""
        place = f" at {self.origin_offset:,}" if self.origin_offset >= 0 else ""
        return f"{self.origin_file}{place}: {self.error}"


def failure_kinds(out: str) -> list[FailureKind]:
    """All kinds of failures of a run; the most frequent of each source come first."""
    found: dict[tuple[str, str], FailureKind] = {}
    for source, file, offset, error in _failures(out):
        key = source, VARIABLE.sub("#", error)
        if key in found:
            found[key].records += 1
        elif len(found) < MOST_KINDS:
            found[key] = FailureKind(source, 1, error, file, offset)
    return sorted(found.values(), key=lambda kind: (kind.source, -kind.records, kind.error))


def _failures(out: str) -> Iterator[tuple[str, str, int, str]]:
    for path, _ in files.match(f"{out}/failed/part-*.parquet"):
        for batch in parquet.batches(path, COLUMNS):
            yield from zip(*(batch.column(name).to_pylist() for name in COLUMNS), strict=True)
