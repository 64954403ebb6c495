"""Parquet files that hold more than they should."""

import io
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.read.formats import parquet
from massivetext.pipeline.read.record import Failure, Found, Input, Record
from massivetext.pipeline.read.settings import Columns, Limits

ROWS, MEGABYTES = 20_000, 2


def written(table: dict[str, object], **options: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(table), sink, **options)
    return sink.getvalue()


def read(data: bytes, limits: Limits = Limits(), columns: Columns = Columns()) -> list[Found]:  # noqa: B008
    return list(parquet.read(Input("a.parquet", io.BytesIO(data), limits, columns)))


def repeated() -> pa.Array:
    """One long value again and again, in few bytes."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * ROWS, pa.int32()), [" " * (MEGABYTES << 20)])


def test_a_value_that_is_repeated_without_end_is_cut_off():
    data = written({"text": repeated()}, compression="zstd")
    *records, failure = read(data)
    assert len(data) < 10_000
    assert isinstance(failure, Failure)
    assert sum(len(record.text) for record in records if isinstance(record, Record)) <= 16 << 20
    assert failure.offset == len(records) == 8
    assert failure.error.startswith(
        "Parquet row group 0 expands more than 1000 times: rows 8 to 19999 are not read"
    )


def test_kept_columns_count_as_the_text_does():
    data = written({"text": ["a"] * ROWS, "url": repeated()}, compression="zstd")
    *records, failure = read(data)
    assert len(records) == failure.offset == 7


def test_what_the_footer_tells_is_asked_before_anything_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parquet, "_group", lambda *_: pytest.fail("the row group is read"))
    data = written({"text": [" " * (17 << 20)]}, compression="zstd", use_dictionary=False)
    [failure] = read(data)
    assert isinstance(failure, Failure)
    assert "rows 0 to 0 are not read" in failure.error


def test_documents_of_any_length_are_read_where_the_file_obeys_the_ratio():
    """However unevenly its rows and bytes are spread over its row groups."""
    sink = io.BytesIO()
    texts = [[f"small {number}" for number in range(1000)], [random.Random(5).randbytes(12 << 20).hex()]]
    with pq.ParquetWriter(sink, pa.schema([("text", pa.string())]), compression="zstd") as writer:
        for group in texts:
            writer.write_table(pa.table({"text": group}))
    found = read(sink.getvalue(), Limits(expansion_ratio=2))
    assert [each.text for each in found if isinstance(each, Record)] == [*texts[0], *texts[1]]
