"""Of every file at hand, records read + failed + skipped = records there."""

import gzip
import io
import re
import tarfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
import zstandard

from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.record import Failure, Input, Record, Skipped
from tests.paths import SHARED

ROBUSTNESS = SHARED / "web/robustness"
CASES = SHARED.parent / "cases/inputs"
ARCHIVES = {
    "block-sized-records.warc.gz": 3,
    "clipped.warc.gz": 1,
    "example-iana.org-chunked.warc": 3,
    "example-trunc.warc": 4,
    "example-wrong-chunks.warc.gz": 2,
    "example.arc.gz": 2,
    "example.warc.gz": 6,
    "whirlwind.warc.gz": 4,
    "whirlwind.warc.wat.gz": 2,
    "whirlwind.warc.wet.gz": 2,
}
"""How many records each archive holds, counted by hand (docs/robustness.md)."""


def counts(kind: str, path: Path) -> list[int]:
    """Records read, failed and skipped."""
    with path.open("rb") as stream:
        found = list(KINDS[kind].read(Input(path.name, io.BytesIO(stream.read()))))
    return [sum(isinstance(each, what) for each in found) for what in (Record, Failure, Skipped)]


def cases() -> list[tuple[str, str, Path]]:
    """The files of every case, each with the kind of source that its configuration names."""
    if not CASES.exists():
        return []
    found = []
    for case in sorted(CASES.iterdir()):
        sources = yaml.safe_load((case / "massivetext.yaml").read_text())["sources"]
        kind = next(iter(sources.values()))["kind"]
        found += [
            (case.name, kind, path)
            for path in sorted(case.rglob("*"))
            if path.is_file() and path.suffix != ".yaml"
        ]
    return found


def there(case: str, kind: str, path: Path) -> int:
    """How many records a file holds, counted by other means than the reader's."""
    content = path.read_bytes()
    if kind == "web":
        plain = gzip.decompress(content) if path.suffix == ".gz" else content
        return len(re.findall(rb"^(?:WARC/\d\.\d+|\w+:\S.* [\d.]+ \d{14} \S+ \d+)\r?$", plain, re.MULTILINE))
    if kind == "wikipedia":
        return content.count(b"<page>")
    if kind == "code":
        return sum(not member.isdir() for member in tarfile.open(path))
    if kind == "books":
        return 2 if case == "E07" else 1  # a chapter that is lost counts beside its book
    if path.suffix == ".parquet":
        return int(pq.read_metadata(path).num_rows)
    text = (
        zstandard.ZstdDecompressor(max_window_size=1 << 31).stream_reader(content).read()
        if path.suffix == ".zst"
        else content
    ).decode()
    return max(1, len(re.findall(r'"(?:text|body)"\s*:', text)))


@pytest.mark.skipif(not ROBUSTNESS.exists(), reason="../shared/data/web is not there")
@pytest.mark.parametrize(("name", "records"), ARCHIVES.items())
def test_every_record_of_an_archive_is_accounted_for(name: str, records: int) -> None:
    assert sum(counts("web", ROBUSTNESS / name)) == records


@pytest.mark.skipif(not CASES.exists(), reason="../shared/cases is not there")
@pytest.mark.parametrize(("case", "kind", "path"), cases(), ids=lambda each: getattr(each, "name", each))
def test_every_record_of_a_case_is_accounted_for(case: str, kind: str, path: Path) -> None:
    assert sum(counts(kind, path)) == there(case, kind, path)
