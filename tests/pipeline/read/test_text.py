import bz2
import codecs
import gzip
import io
import json
import lzma
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from massivetext.pipeline.read import text
from massivetext.pipeline.read.record import Failure, Input, Record
from massivetext.pipeline.read.settings import Columns, Limits


def read(
    data: bytes, limits: Limits | None = None, columns: Columns | None = None, name: str = "file"
) -> tuple[list[Record], list[Failure]]:
    source = Input(name, io.BytesIO(data), limits or Limits(), columns or Columns())
    found = list(text.read(source))
    return [each for each in found if isinstance(each, Record)], [
        each for each in found if isinstance(each, Failure)
    ]


def line(number: int) -> bytes:
    return (
        orjson.dumps(
            {"id": number, "text": f"Text {number}, naïve.\n", "url": f"http://example.org/{number}"}
        )
        + b"\n"
    )


def numbers(records: list[Record]) -> list[int]:
    """Which lines were read, and read whole."""
    found = [int((record.url or "").rsplit("/")[-1]) for record in records]
    assert [record.text for record in records] == [f"Text {number}, naïve.\n" for number in found]
    return found


def test_lines_have_offset_and_optional_fields() -> None:
    data = b'{"text": "a", "url": "u", "licence": "MIT"}\n\n \r\n{"text": "", "url": 7, "title": 0}'
    assert read(data) == ([Record(0, "a", "u", None, "MIT"), Record(48, "")], [])
    assert data.index(b'{"text": ""') == 48


@pytest.mark.parametrize("compress", [bytes, gzip.compress, zstandard.compress, bz2.compress, lzma.compress])
def test_compressions(compress: Callable[[bytes], bytes]) -> None:
    plain = [line(number) for number in range(2000)]
    records, failures = read(compress(b"".join(plain[:1000])) + compress(b"".join(plain[1000:])))
    assert numbers(records) == list(range(2000))
    assert [record.offset for record in records[:3]] == [0, len(plain[0]), len(plain[0] + plain[1])]
    assert failures == []


def test_empty_input_holds_nothing() -> None:
    for data in (b"", b"\n\n", gzip.compress(b"")):
        assert read(data) == ([], [])


def test_columns_may_be_named_and_nested() -> None:
    data = b'{"content": {"body": "a"}, "meta.url": "u", "meta": {"url": "not", "title": "t"}}\n'
    columns = Columns(text="content.body", url="meta.url", title="meta.title", licence="content.body.licence")
    assert read(data, columns=columns) == ([Record(0, "a", "u", "t")], [])


def test_when_a_text_was_captured() -> None:
    data = b'{"text": "a", "timestamp": "2019-04-25T12:57:54Z"}\n{"text": "b", "timestamp": 1556197074}\n'
    dates = [datetime(2019, 4, 25, 12, 57, 54, tzinfo=UTC), None]
    assert [record.captured for record in read(data)[0]] == dates
    columns = Columns(captured="meta.date")
    data = (
        b'{"text": "a", "meta": {"date": "2019-04-25 12:57:54"}}\n{"text": "b", "timestamp": "2019-04-25"}\n'
    )
    assert [record.captured for record in read(data, columns=columns)[0]] == dates
    rows = parquet({"text": ["a", "b"], "timestamp": ["2019-04-25T14:57:54+02:00", "April"]})
    assert [record.captured for record in read(rows)[0]] == dates


def test_a_byte_order_mark_is_no_error() -> None:
    mark = b"\xef\xbb\xbf"
    records, failures = read(mark + line(0) + line(1) + mark + line(2))
    assert numbers(records) == [0, 1, 2]
    assert failures == []


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (b'{"text": "a"', "invalid JSON: "),
        (b'{"text": "a"} and {"text": "b"}', "invalid JSON: "),
        (b'{"text": "na\xefve"}', "invalid JSON: "),
        (b'{"text": NaN}', "field 'text' should hold the text, is missing or null (fields: text)"),
        (b'{"text": Nan}', "invalid JSON: "),
        (b"[" * 100_000, "invalid JSON: "),
        (b"\0" * 100, "invalid JSON: "),
        (b'["text"]', "a JSON object expected on each line, found of type list"),
        (b"7", "a JSON object expected on each line, found of type int"),
        (
            b'{"txt": "a", "url": "u"}',
            "field 'text' should hold the text, is missing or null (fields: txt, url)",
        ),
        (b'{"text": null}', "field 'text' should hold the text, is missing or null (fields: text)"),
        (b'{"text": ["a"]}', "field 'text' should hold the text, is of type list (fields: text)"),
    ],
)
def test_a_bad_line_fails_alone(bad: bytes, error: str) -> None:
    records, (failure,) = read(line(0) + bad + b"\n" + line(1))
    assert numbers(records) == [0, 1]
    assert failure.error.startswith(error)
    assert (failure.offset, failure.size) == (len(line(0)), len(bad))


def test_what_python_and_javascript_write_is_read() -> None:
    records, failures = read(
        b'{"text": "a", "score": NaN, "deep": {"top": -Infinity}}\n{"text": "\\ud83d cut"}\n'
    )
    assert [record.text for record in records] == ["a", "\ufffd cut"]
    assert failures == []


def test_several_objects_on_a_line_are_documents_each() -> None:
    data = line(0) + b'{"text": "a } {"} {"text": "\xc3\xbc"},{"txt": "c"}\n' + line(1)
    records, (failure,) = read(data)
    assert [record.text for record in records][1:3] == ["a } {", "\xfc"]
    assert [data[record.offset : record.offset + 8] for record in records[1:3]] == [b'{"text":'] * 2
    assert data[failure.offset :].startswith(b'{"txt"')
    assert failure.error.startswith("field 'text' should hold the text")


@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_objects_in_an_array_are_documents(indent: int | None, encoding: str) -> None:
    rows = [{"meta": {"deep": [{"a": "]}"}]}, "text": f'Text {n}, "naïve" {{[\\'} for n in range(3000)]
    data = json.dumps(rows, indent=indent, ensure_ascii=False).encode(encoding)
    for content in (data, gzip.compress(data)):
        records, failures = read(content)
        assert [record.text for record in records] == [row["text"] for row in rows]
        assert len({record.offset for record in records}) == 3000
        assert failures == []
    records, failures = read(data[: len(data) // 2])
    assert 0 < len(records) < 3000
    assert [record.text for record in records] == [row["text"] for row in rows[: len(records)]]
    assert {failure.error.split(" after ")[0] for failure in failures} <= {
        "JSON object cut off",
        "the JSON array has no end: the file is cut off",
        "JSON object expected, found b'\\xef\\xbf\\xbd'",
    }
    assert failures


def test_pretty_printed_objects_after_each_other_are_documents() -> None:
    data = b"".join(json.dumps({"text": f"Text {n}"}, indent=2).encode() + b"\n" for n in range(500))
    records, failures = read(data)
    assert [record.text for record in records] == [f"Text {n}" for n in range(500)]
    assert failures == []


def test_what_is_no_object_in_an_array_is_a_failure() -> None:
    records, failures = read(b'[{"text": "a"}, "noise", 7, {"text": "b"}, null, {"text": 7}]')
    assert [record.text for record in records] == ["a", "b"]
    assert [failure.error for failure in failures] == [
        """JSON object expected, found b', "noise", 7,'""",
        "JSON object expected, found b', null,'",
        "field 'text' should hold the text, is of type int (fields: text)",
    ]


def test_a_long_object_of_an_array_fails_alone_in_bounded_memory() -> None:
    rows = [b'{"text": "a"}', b'{"text": "' + b"x" * (40 << 20) + b'"}', b'{"text": "b"}']
    data = gzip.compress(b"[" + b",\n".join(rows) + b"]")
    tracemalloc.start()
    records, (failure,) = read(data, Limits(record_bytes=1 << 20, expansion_ratio=10**6))
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()
    assert [record.text for record in records] == ["a", "b"]
    assert failure.error == f"JSON object of {len(rows[1])} bytes, over the limit record_bytes {1 << 20}"


def test_lines_of_utf_16_are_read() -> None:
    data = (line(0) + line(1)).decode().encode("utf-16")
    assert numbers(read(data)[0]) == [0, 1]


def test_a_text_file_is_a_document() -> None:
    prose = "Die Mühle an der Mündung des Flusses wurde von drei Brüdern gebaut.\r\n\r\nSie hörte nie auf.\n"
    for name in ("a.txt", "b.md", "README", "notes.txt.gz"):
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
            (record,), failures = read(prose.encode(encoding), name=name)
            assert record.text == prose.replace("\r\n", "\n")
            assert failures == []
    assert read(b"x" * 100, Limits(record_bytes=99), name="a.txt")[1][0].error == (
        "the text takes more than 99 bytes (limits.record_bytes)"
    )


def test_a_line_over_the_limit_fails_alone_in_bounded_memory() -> None:
    long = b'{"text": "' + b"x" * (80 << 20) + b'"}\n'
    data = zstandard.compress(line(0) + long + line(1) + long[:-1])
    tracemalloc.start()
    records, failures = read(data, Limits(record_bytes=1 << 20, expansion_ratio=10**6))
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()
    assert numbers(records) == [0, 1]
    assert [failure.offset for failure in failures] == [len(line(0)), len(line(0) + long + line(1))]
    assert failures[0].error == f"line of {len(long) - 1} bytes, over the limit record_bytes {1 << 20}"
    assert {failure.size for failure in failures} == {len(long) - 1}


def test_the_limit_itself_is_allowed() -> None:
    limit = len(line(0)) - 1
    assert numbers(read(line(0) + line(1), Limits(record_bytes=limit))[0]) == [0, 1]
    assert numbers(read(line(0) + line(1), Limits(record_bytes=limit - 1))[0]) == []


def test_a_broken_gzip_member_costs_the_lines_in_it() -> None:
    members = [gzip.compress(b"".join(line(10 * m + n) for n in range(10))) for m in range(5)]
    members[2] = members[2][:40] + bytes(40) + members[2][80:]
    records, failures = read(b"".join(members))
    assert [number for number in numbers(records) if not 20 <= number < 30] == [*range(20), *range(30, 50)]
    assert len(failures) == 1
    assert "broken gzip file" in failures[0].error


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_lines_are_never_glued_over_a_gap(cut: int) -> None:
    """Members that end within lines, as block compressors write them, one of them lost."""
    data = b"".join(line(number) for number in range(6))
    at = [0, len(line(0)) + cut, 3 * len(line(0)) + cut, len(data)]
    members = [gzip.compress(data[start:end]) for start, end in pairwise(at)]
    members[1] = members[1][:12] + b"\xff" * 20 + members[1][32:]
    records, failures = read(b"".join(members))
    assert numbers(records) == [0, 4, 5]
    assert "line cut off after" in failures[0].error
    assert "broken gzip file" in failures[0].error
    assert "invalid JSON" in failures[1].error


def test_a_truncated_file_keeps_its_whole_lines() -> None:
    data = b"".join(line(number) for number in range(5000))
    records, (failure,) = read(gzip.compress(data)[:-2000])
    assert 1000 < len(numbers(records)) < 5000
    assert failure.offset == records[-1].offset + len(line(len(records) - 1))
    assert "the file ends in the middle of a member" in failure.error
    records, (failure,) = read(data[:-20])
    assert len(records) == 4999
    assert failure.error.startswith("invalid JSON: ")


def test_a_bomb_stops_the_file() -> None:
    data = gzip.compress(line(0) + b" " * (20 << 20) + line(1))
    records, (failure,) = read(data, Limits(expansion_ratio=100))
    assert numbers(records) == [0]
    assert "expands more than 100 times" in failure.error


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (
            b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2000,
            "a.jsonl",
            "the file is a PNG image, and kind text reads",
        ),
        (b"Prose,\nand more.\n", "a.jsonl", "named .jsonl, but neither JSON lines nor Parquet"),
        (b"[1, 2]", "a.json", "the file is JSON, but no objects"),
        (
            b"SQLite format 3\0" + bytes(100),
            "a.db",
            "the file is an SQLite database (export its tables as CSV)",
        ),
        (bytes(5000), "a.txt", "the file is a binary file"),
    ],
)
def test_a_file_of_another_kind_is_one_failure(data: bytes, name: str, error: str) -> None:
    for content in (data, gzip.compress(data)):
        records, (failure,) = read(content, name=name)
        assert records == []
        assert failure.error.startswith(error)


def parquet(table: dict[str, object] | pa.Table, **options: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(table if isinstance(table, pa.Table) else pa.table(table), out, **options)
    return out.getvalue()


TEXTS = [f"Text {number}, naïve.\n" for number in range(5000)]
URLS = [f"http://example.org/{number}" for number in range(5000)]


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.binary(), pa.dictionary(pa.int32(), pa.string())]
)
def test_parquet_rows_are_documents(kind: pa.DataType) -> None:
    data = parquet({"url": URLS, "text": pa.array(TEXTS).cast(kind), "other": [1] * 5000}, row_group_size=700)
    records, failures = read(data)
    assert records == [Record(row, TEXTS[row], URLS[row]) for row in range(5000)]
    assert failures == []


def test_parquet_columns_may_be_nested() -> None:
    meta = [{"url": "u", "deep": {"text": "a"}}, {"url": None, "deep": None}]
    records, failures = read(parquet({"meta": meta}), columns=Columns(text="meta.deep.text", url="meta.url"))
    assert records == [Record(0, "a", "u")]
    assert failures == [Failure(1, "the text is null")]


def test_bad_parquet_values_fail_alone() -> None:
    values = pa.array([b"a", b"na\xefve", None, b"long" * 100, b"", b"z"]).view(pa.string())
    records, failures = read(parquet({"text": values, "url": values}), Limits(record_bytes=100))
    assert records == [Record(0, "a", "a"), Record(4, "", ""), Record(5, "z", "z")]
    assert failures == [
        Failure(1, "text that is not UTF-8", 5),
        Failure(2, "the text is null"),
        Failure(3, "text of 400 bytes, over the limit record_bytes 100", 400),
    ]


def test_parquet_without_the_text_column_names_those_it_has() -> None:
    expected = (
        "Parquet file without a string column 'text' for the text; its columns: body (string), n (int64)"
    )
    assert read(parquet({"body": ["a"], "n": [1]})) == ([], [Failure(0, expected)])
    (failure,) = read(parquet({"text": [1]}))[1]
    assert failure.error.endswith("its columns: text (int64)")


def test_a_broken_row_group_costs_no_other() -> None:
    data = bytearray(
        parquet({"text": TEXTS[:3000]}, row_group_size=1000, use_dictionary=False, compression="gzip")
    )
    column = pq.ParquetFile(io.BytesIO(bytes(data))).metadata.row_group(1).column(0)
    start = column.data_page_offset + column.total_compressed_size // 2
    data[start : start + 50] = bytes(50)
    records, (failure,) = read(bytes(data))
    assert [record.offset for record in records] == [*range(1000), *range(2000, 3000)]
    assert failure.offset == 1000
    assert failure.error.startswith("broken Parquet row group 1: rows 1000 to 1999 are lost: ")


def _rows(data: bytes) -> int | None:
    """The rows of a file's first row group, as its metadata say."""
    try:
        return int(pq.read_metadata(io.BytesIO(data)).row_group(0).num_rows)
    except (OSError, pa.ArrowException):
        return None


def test_parquet_with_an_impossible_number_of_rows_is_one_failure() -> None:
    data = parquet({"text": ["a"] * 45}, compression="none")
    changes = (
        data[:at] + b"\x5b" + data[at + 1 :] for at in range(len(data)) if data[at] == 0x5A
    )  # 45 to -46
    lying = [each for each in changes if _rows(each) == -46]
    assert lying
    records, (failure,) = read(lying[0])
    assert records == []
    assert failure == Failure(0, "broken Parquet file: its row groups are said to hold -46 rows")


def test_parquet_statistics_that_cannot_be_are_a_failure() -> None:
    # Arrow ends the process when it is asked for such a column's metadata (found by fuzzing).
    data = parquet({"text": [f"Text {row}" for row in range(20)]}, row_group_size=10, compression="none")
    none, levels = (
        b"\x19\x06",
        b"\x19\x26\x00\x14",
    )  # Thrift: lists of no repetition levels, and of two others
    assert data.count(none + levels) == 2
    records, (failure,) = read(data.replace(none + levels, levels + none, 1))
    assert [record.text for record in records] == [f"Text {row}" for row in range(10, 20)]
    assert "rows 0 to 9 are lost: Repetition level histogram size mismatch" in failure.error


def test_parquet_values_outside_their_dictionary_are_told() -> None:
    data = bytearray(parquet({"text": [f"Text {row % 40}" for row in range(100)]}, compression="none"))
    column = pq.ParquetFile(io.BytesIO(bytes(data))).metadata.row_group(0).column(0)
    end = column.dictionary_page_offset + column.total_compressed_size
    data[end - 6 : end] = b"\xff" * 6  # six bits an index: 63 of 40
    records, (failure,) = read(bytes(data))
    assert records == []
    assert "rows 0 to 99 are lost: Index 63 out of bounds" in failure.error


@pytest.mark.parametrize("kind", [pa.string(), pa.dictionary(pa.int32(), pa.string())])
def test_a_repeated_parquet_value_is_held_once(kind: pa.DataType) -> None:
    rows, size = 300, 1 << 20
    repeated = pa.DictionaryArray.from_arrays(pa.array([0] * 100, pa.int32()), pa.array(["x" * size]))
    out = io.BytesIO()
    with pq.ParquetWriter(out, pa.schema({"text": kind}), compression="zstd") as writer:
        for _ in range(rows // 100):
            writer.write_table(pa.table({"text": repeated.cast(kind)}))
    out.seek(0)
    before = pa.total_allocated_bytes()
    found = text.read(Input("file", out, Limits(expansion_ratio=1 << 30)))
    assert next(found) == Record(0, "x" * size)
    assert pa.total_allocated_bytes() - before < 50 * size
    assert sum(isinstance(each, Record) for each in found) == rows - 1


@pytest.mark.parametrize("encoding", ["DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_parquet_of_delta_encodings(encoding: str) -> None:
    data = parquet(
        {"text": TEXTS, "url": URLS},
        use_dictionary=False,
        column_encoding={"text": encoding, "url": "PLAIN"},
        row_group_size=700,
    )
    records, failures = read(data)
    assert records == [Record(row, TEXTS[row], URLS[row]) for row in range(5000)]
    assert failures == []


@pytest.mark.parametrize("cut", [4, 5, 1000, -1, -4, -100])
def test_a_truncated_parquet_file_is_one_failure(cut: int) -> None:
    records, (failure,) = read(parquet({"text": TEXTS})[:cut])
    assert records == []
    assert failure.offset == 0
    assert failure.error.startswith("broken Parquet file: ")


def test_parquet_without_rows_holds_nothing() -> None:
    assert read(parquet({"text": pa.array([], pa.string())})) == ([], [])


def test_real_files(shared_data: Path) -> None:
    with (shared_data / "bench" / "part-00.jsonl.zst").open("rb") as stream:
        found = text.read(Input("part-00.jsonl.zst", stream))
        first = [next(found) for _ in range(1000)]
    assert all(isinstance(each, Record) and each.text for each in first)
    dolma = (shared_data / "web" / "dolma-cc-000.json.gz").read_bytes()
    records, failures = read(dolma)
    assert len(records) == len(gzip.decompress(dolma).splitlines())
    assert json.loads(gzip.decompress(dolma).splitlines()[0])["text"] == records[0].text
    assert failures == []


def test_a_byte_order_mark_is_taken_away_at_the_beginning_only() -> None:
    """Files that were joined have marks between them; one in a text is the text's own."""
    mark = codecs.BOM_UTF8
    records, failures = read(mark + line(0) + mark + line(1) + orjson.dumps({"text": "a\ufeffb\ufeff"}))
    assert [record.text for record in records] == ["Text 0, naïve.\n", "Text 1, naïve.\n", "a\ufeffb\ufeff"]
    assert failures == []
    (record,), failures = read(mark + b"a" + mark + b"b\n", name="file.txt")
    assert (record.text, failures) == ("a\ufeffb\n", [])
