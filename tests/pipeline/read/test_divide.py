"""Files read in spans give what they give as a whole, each record once."""

import gzip
import json
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.pipeline.read.batches import read
from massivetext.pipeline.read.divide import divide
from massivetext.pipeline.read.settings import Columns, Limits
from massivetext.pipeline.storage.origin import WHOLE, Origin

LINES = st.one_of(
    st.text(max_size=40).map(lambda text: json.dumps({"text": text}, ensure_ascii=False)),
    st.sampled_from(
        ["", "  ", "\t\r", "not JSON", '{"text": 7}', '{"text": "' + "long " * 60 + '"}', "BZh91AY&SY"]
    ),
)
LIMITS = Limits(record_bytes=200)


def everything(kind: str, origins: list[Origin], limits: Limits = LIMITS) -> list[dict[str, object]]:
    """All documents and failures, span by span, as rows in order of the file."""
    rows: list[dict[str, object]] = []
    for origin in origins:
        for reading in read("source", kind, [origin], limits, Columns()):
            rows += reading.documents.to_pylist() + reading.failures.to_pylist()
    return sorted(rows, key=lambda row: row["origin_offset"])


def whole(path: Path) -> Origin:
    return Origin(path.name, str(path), path.stat().st_size)


@settings(max_examples=30, deadline=None)
@given(
    lines=st.lists(LINES, min_size=1, max_size=40),
    end=st.sampled_from(["\n", "\r\n"]),
    most=st.integers(7, 300),
)
def test_every_line_is_read_once(
    tmp_path_factory: pytest.TempPathFactory, lines, end: str, most: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "lines.jsonl"
    path.write_bytes(end.join(['{"text": "first"}', *lines]).encode())
    origins = divide("text", [whole(path)], most)
    assert len(origins) == -(-path.stat().st_size // most)
    assert everything("text", origins) == everything("text", [whole(path)])


def test_a_line_that_begins_at_a_bound_is_of_the_later_span(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    line = json.dumps({"text": "x"}) + "\n"
    path.write_text(line * 4)
    origins = divide("text", [whole(path)], len(line))
    assert [origin.span.start for origin in origins] == [len(line) * index for index in range(4)]
    assert [len(everything("text", [origin])) for origin in origins] == [1, 1, 1, 1]


@pytest.mark.parametrize("kind", ["text", "news"])
@pytest.mark.parametrize("most", [900, 5000, 20_000])
def test_every_row_group_is_read_once(tmp_path: Path, kind: str, most: int) -> None:
    path = tmp_path / "rows.parquet"
    texts = [f"WARC/1.0 {number} " + "text " * (number % 50) for number in range(2000)]
    pq.write_table(pa.table({"text": texts}), path, row_group_size=70, compression="none")
    origins = divide(kind, [whole(path)], most)
    assert len(origins) == -(-path.stat().st_size // most)
    rows = everything(kind, origins, Limits())
    assert [row["origin_offset"] for row in rows] == list(range(2000))
    assert rows == everything(kind, [whole(path)], Limits())


def test_a_broken_file_fails_once(tmp_path: Path) -> None:
    path = tmp_path / "broken.parquet"
    path.write_bytes(b"PAR1" + b"no footer" * 100)
    [failure] = everything("text", divide("text", [whole(path)], 100))
    assert "broken Parquet file" in str(failure["error"])


def test_a_column_that_is_missing_fails_once(tmp_path: Path) -> None:
    path = tmp_path / "other.parquet"
    pq.write_table(pa.table({"content": ["x" * 10] * 1000}), path, use_dictionary=False, compression="none")
    [failure] = everything("text", divide("text", [whole(path)], 1000))
    assert "its columns: content" in str(failure["error"])


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text", gzip.compress(b'{"text": "a"}\n' * 1000, mtime=0)),
        ("text", b"neither\n" * 1000),
        ("news", b"WARC/1.0\r\n" * 1000),
        ("books", b'{"text": "a"}\n' * 1000),
        ("code", b"PAR1" * 1000),
    ],
)
def test_others_stay_whole(tmp_path: Path, kind: str, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    [origin] = divide(kind, [whole(path)], 10)
    assert origin.span == WHOLE


def test_spans_meet_and_small_files_keep_their_place(tmp_path: Path) -> None:
    sizes = {"a": 10, "b": 1000, "c": 20}
    for name, lines in sizes.items():
        (tmp_path / name).write_text('{"text": "a"}\n' * lines)
    origins = divide("text", [whole(tmp_path / name) for name in sizes], 4000)
    assert [origin.name for origin in origins] == ["a", "b", "b", "b", "b", "c"]
    spans = [origin.span for origin in origins[1:5]]
    assert all(one.end == other.start for one, other in pairwise(spans))
    assert spans[0].start == 0
    assert spans[-1].end is None
    assert sum(origin.bytes for origin in origins) == sum(14 * lines for lines in sizes.values())
