import gzip
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from massivetext.pipeline.read import news
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.record import Failure, Input, Record

BODY = b"<html><head><title>Title</title></head><body><p>Article of the day.</p></body></html>"
BLOCK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + BODY
WARC = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/\r\n"
    b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (len(BLOCK), BLOCK)
)
JSONL = b'{"text": "WARC/1.0\\r\\nWARC-Type: response", "url": "http://example.org/"}\n'
PAGE = Record(0, "Article of the day.", "http://example.org/", "Title", None, "utf-8", "detected")
LINE = Record(0, "WARC/1.0\r\nWARC-Type: response", "http://example.org/")


def read(data: bytes, name: str = "news") -> list[Record | Failure]:
    return list(news.read(Input(name, io.BytesIO(data))))


@pytest.mark.parametrize("name", ["news.warc.gz", "news.jsonl"])
def test_the_content_decides_not_the_name(name: str) -> None:
    assert (
        read(WARC, name) == read(gzip.compress(WARC), name) == read(zstandard.compress(WARC), name) == [PAGE]
    )
    assert (
        read(JSONL, name)
        == read(gzip.compress(JSONL), name)
        == read(zstandard.compress(JSONL), name)
        == [LINE]
    )


def test_parquet() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"text": ["a"]}), out)
    assert read(out.getvalue()) == [Record(0, "a")]


def test_an_empty_file_holds_nothing() -> None:
    assert read(b"") == read(gzip.compress(b"")) == []


def test_a_broken_start_does_not_hide_the_kind() -> None:
    broken = gzip.compress(WARC)[:-40]
    failure, record = read(broken + gzip.compress(WARC))
    assert isinstance(failure, Failure)
    assert record[1:] == PAGE[1:]
    failure, record = read(WARC[40:] + WARC)
    assert isinstance(failure, Failure)
    assert record == PAGE._replace(offset=len(WARC) - 40)


def test_a_file_of_another_kind_is_one_failure() -> None:
    (failure,) = read(b"\x89PNG\r\n\x1a\n" + bytes(1000))
    assert isinstance(failure, Failure)
    assert "the file is a PNG image" in failure.error


def test_every_kind_has_a_reader() -> None:
    assert set(KINDS) >= {"web", "books", "text", "news", "code", "wikipedia"}
    for kind in ("web", "text", "news"):
        assert list(KINDS[kind].read(Input("empty", io.BytesIO(b"")))) == []
