import csv
import gzip
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massivetext.pipeline.read import text
from massivetext.pipeline.read.record import Failure, Input, Record
from massivetext.pipeline.read.settings import Columns, Limits


def read(
    data: bytes, name: str = "a.csv", limits: Limits | None = None, **columns: str
) -> list[Record | Failure]:
    return list(text.read(Input(name, io.BytesIO(data), limits or Limits(), Columns(**columns))))


def texts(found: list[Record | Failure]) -> list[str]:
    return [each.text for each in found if isinstance(each, Record)]


def errors(found: list[Record | Failure]) -> list[str]:
    return [each.error for each in found if isinstance(each, Failure)]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1), max_size=9
    ),
    st.sampled_from([",", "\t", ";", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_wrote_is_read(rows: list[str], delimiter: str, encoding: str, end: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerows([["id", "text", "url"], *([n, row, f"u{n}"] for n, row in enumerate(rows))])
    data = out.getvalue().encode(encoding)
    for content in (data, gzip.compress(data)):
        found = read(content)
        assert errors(found) == []
        assert texts(found) == rows
        assert [each.url for each in found if isinstance(each, Record)] == [f"u{n}" for n in range(len(rows))]
        assert len({each.offset for each in found}) == len(rows)


def test_rows_have_offset_and_fields() -> None:
    data = b'title,text\r\nA,"one\nline"\r\n\r\nB,two\r\n'
    assert read(data) == [
        Record(12, "one\nline", None, "A", charset="utf-8", charset_origin="utf-8"),
        Record(data.index(b"B,"), "two", None, "B", charset="utf-8", charset_origin="utf-8"),
    ]


def test_a_field_in_another_encoding_is_decoded() -> None:
    prose = "Die Mühle an der Mündung des Flusses wurde von drei Brüdern gebaut."
    (record,) = read(f"text;url\n{prose};u\n".encode("cp1252"))
    assert isinstance(record, Record)
    assert (record.text, record.charset_origin) == (prose, "detected")


def test_a_header_without_the_text_names_its_fields() -> None:
    expected = "field 'text' should hold the text, is missing or null (fields: id, body)"
    assert errors(read(b"id,body\n1,a\n")) == [expected]
    assert texts(read(b"id,body\n1,a\n", text="body")) == ["a"]
    assert errors(read(b"1\ta long text\n", "a.tsv")) == [expected.replace("id, body", "1, a long text")]


def test_bad_rows_fail_alone() -> None:
    found = read(b'text,url\na,u\nb,u,v\nc\n"d,u\ne,u\n"f" g,u\nh,u\n')
    assert texts(found) == ["a", "c", "e", "h"]
    assert errors(found) == [
        "a row of 3 fields, where the first row names 2",
        "a quoted field has no end",
        "a quoted field has no end",
    ]


def test_an_unpaired_quote_takes_no_more_than_the_limit() -> None:
    rows = [f"row {n},u\n".encode() for n in range(200_000)]
    rows[1000] = b'"open,u\n'
    data = b"text,url\n" + b"".join(rows)
    tracemalloc.start()
    found = read(data, limits=Limits(record_bytes=10_000))
    assert tracemalloc.get_traced_memory()[1] < 100 << 20
    tracemalloc.stop()
    assert texts(found) == [f"row {n}" for n in range(200_000) if n != 1000]
    assert errors(found) == ["a quoted field has no end"]


def test_a_long_cell_fails_alone() -> None:
    found = read(b'text\na\n"' + b"x\n" * (1 << 20) + b'"\nb\n', limits=Limits(record_bytes=1 << 20))
    assert texts(found)[0] == "a"
    assert texts(found)[-1] == "b"
    assert "a quoted field has no end" in errors(found)
    found = read(b"text\na\n" + b"x" * (2 << 20) + b"\nb\n", limits=Limits(record_bytes=1 << 20))
    assert texts(found) == ["a", "b"]
    assert errors(found) == [f"line of {2 << 20} bytes, over the limit record_bytes {1 << 20}"]


def test_many_columns_are_read() -> None:
    names = [f"c{n}" for n in range(200_000)]
    found = read(",".join([*names, "text"]).encode() + b"\n" + b"," * 200_000 + b"a\n")
    assert texts(found) == ["a"]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"text,url\n", b"text,url"])
def test_a_table_without_rows_holds_nothing(data: bytes) -> None:
    assert read(data) == []


def test_a_truncated_file_keeps_its_whole_rows() -> None:
    data = b"text,url\n" + b"".join(b'"row %d",u\n' % n for n in range(5000))
    found = read(gzip.compress(data)[:-2000])
    assert 1000 < len(texts(found)) < 5000
    assert texts(found) == [f"row {n}" for n in range(len(texts(found)))]
    assert "the file ends in the middle of a member" in errors(found)[-1]


def test_a_carriage_return_within_a_line_is_part_of_the_text() -> None:
    rows = read(b'text,url\r\nfirst\rsecond,u\r\n"a\rb",v\r\n')
    assert [(row.text, row.url) for row in rows if isinstance(row, Record)] == [
        ("first\rsecond", "u"),
        ("a\rb", "v"),
    ]
