"""Web pages by an index of a crawl, from a folder and from a web server."""

import gzip
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.read.divide import divide
from massivetext.pipeline.read.record import Failure, Found, Input, Record, Skipped
from massivetext.pipeline.read.web import read
from massivetext.pipeline.storage import retries
from massivetext.pipeline.storage.object_store import StoreError
from massivetext.pipeline.storage.origin import Folder, Origin
from tests.servers import Answer, Server, serving

WARC = "crawl-data/CC-MAIN/a.warc.gz"


def response(number: int, status: int = 200) -> bytes:
    page = f"<html><title>Page {number}</title><p>These are the words of page {number}, and there are some more.</p>"
    body = f"HTTP/1.1 {status} OK\r\nContent-Type: text/html\r\n\r\n{page}".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/{number}\r\n"
        f"Content-Type: application/http\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + body + b"\r\n\r\n", mtime=0)


MEMBERS = [response(number, 404 if number == 7 else 200) for number in range(20)]
ARCHIVE = b"".join(MEMBERS)
ROWS = [
    {
        "warc_filename": WARC,
        "warc_record_offset": sum(map(len, MEMBERS[:n])),
        "warc_record_length": len(MEMBERS[n]),
    }
    for n in (3, 7, 11, 19)
]


def cdxj(rows: list[dict[str, object]]) -> bytes:
    names = {"warc_filename": "filename", "warc_record_offset": "offset", "warc_record_length": "length"}
    return b"".join(
        b"org,example)/ 20240101000000 "
        + json.dumps({names[k]: str(v) for k, v in row.items()}).encode()
        + b"\n"
        for row in rows
    )


def parquet(rows: list[dict[str, object]]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(retries.time, "sleep", lambda _: None)
    with serving() as server:
        server.files[f"/{WARC}"] = ARCHIVE
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> str:
    path = tmp_path / WARC
    path.parent.mkdir(parents=True)
    path.write_bytes(ARCHIVE)
    return str(tmp_path)


def found(index: bytes, records: str) -> list[Found]:
    return list(read(Input("index", io.BytesIO(index), records=records)))


INDEXES = {"cdxj": cdxj(ROWS), "cdxj.gz": gzip.compress(cdxj(ROWS)), "parquet": parquet(ROWS)}


@pytest.mark.parametrize("form", INDEXES)
def test_the_records_that_an_index_names(form: str, folder: str) -> None:
    one, error, two, three = found(INDEXES[form], folder)
    assert error == Skipped("HTTP status 4xx", error.size)
    for record, number in ((one, 3), (two, 11), (three, 19)):
        assert isinstance(record, Record)
        assert record.url == f"http://example.org/{number}"
        assert f"words of page {number}," in record.text
        assert record.source_id == f"{WARC}:{sum(map(len, MEMBERS[:number]))}"
    assert len({record.offset for record in (one, two, three)}) == 3


@pytest.mark.parametrize("form", INDEXES)
def test_a_server_is_asked_for_the_ranges_alone(form: str, folder: str, server: Server) -> None:
    assert found(INDEXES[form], f"{server.url}/") == found(INDEXES[form], folder)
    ranges = [
        f"bytes={r['warc_record_offset']}-{r['warc_record_offset'] + r['warc_record_length'] - 1}"
        for r in ROWS
    ]
    assert sorted(server.asked) == sorted((f"/{WARC}", each) for each in ranges)


BAD: dict[str, tuple[dict[str, object], str]] = {
    "no such file": ({**ROWS[0], "warc_filename": "crawl-data/b.warc.gz"}, "there is no such file"),
    "past the end": ({**ROWS[0], "warc_record_offset": len(ARCHIVE) + 5}, "ends after 0 of"),
    "over the end": ({**ROWS[3], "warc_record_length": len(ARCHIVE)}, "ends after"),
    "in a record's middle": ({**ROWS[0], "warc_record_offset": 5}, "at 5: "),
    "cut off": ({**ROWS[0], "warc_record_length": 100}, "truncated|broken gzip"),
    "two records": ({**ROWS[0], "warc_record_length": len(MEMBERS[3] + MEMBERS[4])}, "more than one record"),
    "no number": ({**ROWS[0], "warc_record_offset": -1}, "offset -1"),
    "elsewhere": ({**ROWS[0], "warc_filename": "../secret"}, "does not lie below"),
    "another store": ({**ROWS[0], "warc_filename": "s3://other/a"}, "does not lie below"),
    "far too long": ({**ROWS[0], "warc_record_length": 1 << 40}, "over the limit record_bytes"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("place", ["folder", "server"])
def test_a_bad_row_costs_itself_alone(case: str, place: str, folder: str, server: Server) -> None:
    bad, message = BAD[case]
    records = folder if place == "folder" else server.url
    for index in (cdxj([ROWS[0], bad, ROWS[2]]), parquet([ROWS[0], bad, ROWS[2]])):
        before, failure, after = found(index, records)
        assert isinstance(before, Record)
        assert isinstance(after, Record)
        assert isinstance(failure, Failure)
        assert re.search(message, failure.error), failure.error


def test_lines_that_are_no_index(folder: str) -> None:
    index = cdxj(ROWS[:1]) + b'org,example)/ 20240101000000 {"url": "http://a"}\nnothing\n' + cdxj(ROWS[2:3])
    one, without, noise, two = found(index, folder)
    assert isinstance(one, Record)
    assert isinstance(two, Record)
    assert isinstance(without, Failure)
    assert "warc_filename|filename" in without.error
    assert isinstance(noise, Failure)
    assert "invalid JSON" in noise.error


def test_a_server_that_is_busy_for_good_is_no_fault_of_a_record(server: Server) -> None:
    server.always(Answer(503), f"/{WARC}")
    with pytest.raises(StoreError, match="503"):
        found(INDEXES["cdxj"], server.url)


def test_spans_of_an_index_give_the_same(tmp_path: Path, folder: str) -> None:
    rows = ROWS * 10
    path = tmp_path / "index.cdxj"
    path.write_bytes(cdxj(rows))
    whole = Origin("index", str(path), path.stat().st_size, records=Folder("there", folder))
    spans = divide("web", [whole], whole.work // 5)
    assert len(spans) == 5

    def of(origin: Origin) -> list[Found]:
        with path.open("rb") as stream:
            return list(read(Input("index", stream, span=origin.span, records=folder)))

    assert [each for span in spans for each in of(span)] == of(whole)
