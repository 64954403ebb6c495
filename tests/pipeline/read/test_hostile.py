"""Input made to do harm: each ends as a failure that says why, or as what it is, in bounded memory and time.

What other test files of readers hold is not repeated here: bombs of each compression (test_decompress, test_web,
test_text, test_code, test_books), links in archives and huge headers (test_code), entities in dumps and EPUBs
(test_wikipedia, test_books), lines over the limit and broken Parquet files (test_text), deep HTML (test_html).
"""

import gzip
import io
import struct
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.record import Failure, Found, Input, Record, Skipped


def read(kind: str, content: bytes) -> list[Found]:
    return list(KINDS[kind].read(Input("input", io.BytesIO(content))))


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_archives_in_archives_are_not_opened() -> None:
    inner = zipped({"a.py": bytes(1 << 20)})
    found = read("code", zipped({"inner.zip": inner, "b.py": zipped({"c.py": b"1"})}))
    kinds = ["no source code by its name", "binary"]
    assert [each.kind for each in found if isinstance(each, Skipped)] == kinds
    assert len(found) == 2


@pytest.mark.parametrize("kind", ["code", "books"])
def test_a_zip_directory_of_a_billion_entries_is_refused_unread(kind: str) -> None:
    content = zipped({"a.py": b"1"})
    at = content.rindex(b"PK\5\6")
    number = 1_000_000_000
    zip64 = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, number, number, number * 46, 0)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, at, 1)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    (failure,) = read(kind, content[:at] + zip64 + locator + end)
    assert isinstance(failure, Failure)
    assert failure.error == "the zip archive's directory takes 46000000000 bytes, over 67108864"


def test_paths_that_lead_out_of_an_archive_are_but_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["../up.py", "/root.py", "a/../../b.py", "C:\\c.py"]
    found = read("code", zipped(dict.fromkeys(names, b"1\n")))
    assert [each.title for each in found if isinstance(each, Record)] == names
    assert list(tmp_path.iterdir()) == list(tmp_path.parent.glob("*.py")) == []


def test_places_past_four_gigabytes(tmp_path: Path) -> None:
    with (tmp_path / "sparse.zip").open("w+b") as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.py", "a = 1\n")
            archive.start_dir = file.seek(5 << 30)  # a hole in the file: it takes no room
            archive.writestr("b.py", "b = 2\n")
        file.seek(0)
        found = list(KINDS["code"].read(Input("sparse.zip", file)))
    assert [(each.offset, each.text) for each in found if isinstance(each, Record)] == [
        (0, "a = 1\n"),
        (5 << 30, "b = 2\n"),
    ]


@pytest.mark.parametrize(
    ("length", "error"),
    [
        (b"99999999999", "record of 99999999999 bytes, over the limit record_bytes 67108864"),
        (b"9" * 18, f"record of {'9' * 18} bytes, over the limit record_bytes 67108864"),
        (b"9" * 60, "WARC record without a header end and a valid Content-Length"),
        (b"-1", "WARC record without a header end and a valid Content-Length"),
        (b"0x10", "WARC record without a header end and a valid Content-Length"),
    ],
)
def test_absurd_content_lengths(length: bytes, error: str) -> None:
    (failure,) = read("web", b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: " + length + b"\r\n\r\nabc")
    assert isinstance(failure, Failure)
    assert failure.error == error


def test_null_bytes_in_a_page_leave_its_text_readable() -> None:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Some\0 text\0 with\0 nulls.</p>\0"
    warc = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
    (record,) = read("web", warc % (len(http), http))
    assert isinstance(record, Record)
    assert record.text.replace("\ufffd", "").replace("\0", "").split() == ["Some", "text", "with", "nulls."]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "content", [bytes(1 << 20), gzip.compress(bytes(1 << 20), mtime=0), b"\xff" * (1 << 20)]
)
def test_nothing_but_the_same_byte(kind: str, content: bytes) -> None:
    found = read(kind, content)
    assert len(found) <= 1
    assert not any(isinstance(each, Record) and "\0" in each.text for each in found)


def test_parquet_whose_schema_is_another_is_a_failure() -> None:
    def written(values: pa.Array) -> bytes:
        stream = io.BytesIO()
        pq.write_table(
            pa.table({"text": values}), stream, compression="none", use_dictionary=False, store_schema=False
        )
        return stream.getvalue()

    numbers, strings = written(pa.array([7] * 100)), written(pa.array(["text"] * 100))
    footer = int.from_bytes(strings[-8:-4], "little") + 8
    lying = numbers[: len(numbers) - int.from_bytes(numbers[-8:-4], "little") - 8] + strings[-footer:]
    found = read("text", lying)
    assert found
    assert all(isinstance(each, Failure) for each in found)


def test_a_member_that_a_regular_expression_would_read_for_ever() -> None:
    files = {"LICENSE": b"licensed under a " * 1000, "a.c": b"/*" * 20_000, "b.py": b"# generated " * 2000}
    found = read("code", zipped(files))
    assert [type(each) for each in found] == [Skipped, Record, Record]
