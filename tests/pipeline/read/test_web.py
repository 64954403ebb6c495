import gzip
import io
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import lz4.frame
import pytest
import zstandard

from massivetext.pipeline.read import web
from massivetext.pipeline.read.formats.html import MOST_BYTES
from massivetext.pipeline.read.record import Failure, Input, Record, Skipped
from massivetext.pipeline.read.settings import Limits
from tests.paths import ROOT

PAGE = "<html><head><title>Title {0}</title></head><body><p>Text of page {0}, naïve.</p></body></html>"
HTML = "text/html; charset=utf-8"


def warc_record(
    block: bytes, kind: str = "response", number: int = 0, content_type: str = "application/http"
) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://example.org/{number}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def http(body: bytes, content_type: str | None = HTML, status: str = "200 OK", headers: str = "") -> bytes:
    typed = f"Content-Type: {content_type}\r\n" if content_type else ""
    return f"HTTP/1.1 {status}\r\n{typed}{headers}\r\n".encode() + body


def page(number: int) -> bytes:
    return warc_record(http(PAGE.format(number).encode()), number=number)


def read(data: bytes, limits: Limits | None = None) -> tuple[list[Record], list[Failure]]:
    found = list(web.read(Input("crawl.warc.gz", io.BytesIO(data), limits or Limits())))
    placed = [each for each in found if not isinstance(each, Skipped)]
    assert [each.offset for each in placed] == sorted(each.offset for each in placed)
    return [each for each in placed if isinstance(each, Record)], [
        each for each in placed if isinstance(each, Failure)
    ]


def skipped(data: bytes) -> list[Skipped]:
    return [each for each in web.read(Input("crawl.warc.gz", io.BytesIO(data))) if isinstance(each, Skipped)]


def numbers(records: list[Record]) -> list[int]:
    """Which pages were read whole."""
    for record in records:
        number = (record.url or "").rsplit("/")[-1]
        assert record.text == f"Text of page {number}, naïve."
        assert record.title == f"Title {number}"
    return [int((record.url or "").rsplit("/")[-1]) for record in records]


def test_pages_have_url_title_text_and_offset() -> None:
    records, failures = read(page(0) + page(1))
    assert records == [
        Record(0, "Text of page 0, naïve.", "http://example.org/0", "Title 0", None, "utf-8", "header"),
        Record(
            len(page(0)), "Text of page 1, naïve.", "http://example.org/1", "Title 1", None, "utf-8", "header"
        ),
    ]
    assert failures == []


@pytest.mark.parametrize(
    "compress",
    [bytes, gzip.compress, zstandard.compress, lz4.frame.compress],
    ids=["plain", "gzip", "zstd", "lz4"],
)
def test_compressions(compress: object) -> None:
    assert callable(compress)
    plain = read(b"".join(page(number) for number in range(5)))
    assert read(b"".join(compress(page(number)) for number in range(5))) == plain
    assert read(compress(b"".join(page(number) for number in range(5)))) == plain
    assert numbers(plain[0]) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("is_compressed", [False, True])
def test_zstd_with_a_dictionary_in_its_first_frame(is_compressed: bool) -> None:
    """As the WARC files of ArchiveTeam are written (zstd-compressed WARC, IIPC)."""
    pages = [page(number) for number in range(5)]
    trained = zstandard.train_dictionary(1 << 10, pages * 200)
    content = trained.as_bytes()
    stored = zstandard.compress(content) if is_compressed else content
    first = b"\x5d\x2a\x4d\x18" + len(stored).to_bytes(4, "little") + stored
    compressor = zstandard.ZstdCompressor(dict_data=trained)
    records, failures = read(first + b"".join(compressor.compress(each) for each in pages))
    assert (numbers(records), failures) == ([0, 1, 2, 3, 4], [])


def test_an_empty_file_holds_nothing() -> None:
    assert read(b"") == ([], [])
    assert read(gzip.compress(b"")) == ([], [])


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        (
            warc_record(b"software: crawler\r\n", "warcinfo", content_type="application/warc-fields"),
            "warcinfo record",
        ),
        (warc_record(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "request"), "request record"),
        (warc_record(http(b""), "revisit"), "revisit record"),
        (
            warc_record(b"fetchTimeMs: 1\r\n", "metadata", content_type="application/warc-fields"),
            "metadata record",
        ),
        (warc_record(http(b"\x89PNG", "image/png")), "content type image/*"),
        (warc_record(b"%PDF", "resource", content_type="application/pdf"), "content type application/*"),
        (warc_record(http(b"", "x-made-up/by-a-stranger")), "content type none of the known"),
        (warc_record(http(b"{}", None)), "no content type, and no sign of HTML"),
        (warc_record(http(PAGE.encode(), status="404 Not Found")), "HTTP status 4xx"),
        (warc_record(http(PAGE.encode(), status="301 Moved")), "HTTP status 3xx"),
        (warc_record(b"example.org. 300 IN A 192.0.2.1", content_type="text/dns"), "response not of HTTP"),
        (warc_record(b"?", "made-up"), "unknown record"),
    ],
)
def test_what_is_no_page_is_skipped_and_counted(record: bytes, kind: str) -> None:
    content = page(0) + record + page(1)
    records, failures = read(content)
    assert numbers(records) == [0, 1]
    assert failures == []
    assert skipped(content) == [Skipped(kind, len(record) - 4)]


def test_robots_directives_of_headers_and_page_are_stored() -> None:
    asking = (
        PAGE.format(0).replace("<title>", '<meta name="robots" content="NoAI, noimageai"><title>').encode()
    )
    headers = "X-Robots-Tag: noindex\r\nX-Robots-Tag: otherbot: nofollow\r\n"
    records, _ = read(warc_record(http(asking, headers=headers)) + page(1))
    assert [record.robots for record in records] == [["noai", "noimageai", "noindex"], None]


@pytest.mark.parametrize(
    ("date", "captured"),
    [
        ("2016-08-12T10:10:10Z", datetime(2016, 8, 12, 10, 10, 10, tzinfo=UTC)),
        ("2016-09-19T18:03:53.123456789Z", datetime(2016, 9, 19, 18, 3, 53, 123456, tzinfo=UTC)),
        ("2016-09-19T18:03:53+02:00", datetime(2016, 9, 19, 16, 3, 53, tzinfo=UTC)),
        ("2016-09-19", datetime(2016, 9, 19, tzinfo=UTC)),
        ("2016", None),
        ("2016-13-19T18:03:53Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
    ],
)
def test_when_a_page_was_captured(date: str, captured: datetime | None) -> None:
    dated = f"WARC-Date: {date}\r\nContent-Length:".encode()
    assert read(page(0).replace(b"Content-Length:", dated))[0][0].captured == captured


@pytest.mark.parametrize(
    ("date", "captured"),
    [("20040503014450", datetime(2004, 5, 3, 1, 44, 50, tzinfo=UTC)), ("20041303014450", None)],
)
def test_when_an_archive_of_the_old_kind_captured_it(date: str, captured: datetime | None) -> None:
    block = http(PAGE.format(0).encode())
    line = f"http://example.org/0 192.0.2.1 {date} text/html {len(block)}\n".encode()
    (record,), failures = read(line + block + b"\n")
    assert (record.captured, record.url, failures) == (captured, "http://example.org/0", [])


def test_html_without_a_content_type_is_a_page() -> None:
    records, _ = read(warc_record(http(PAGE.format(0).encode(), None)))
    assert numbers(records) == [0]


def test_conversion_and_resource_records_are_documents() -> None:
    records, failures = read(
        warc_record("Plain text,\nnaïve.\n".encode(), "conversion", content_type="text/plain")
        + warc_record(PAGE.format(1).encode(), "resource", 1, "text/html")
    )
    assert [record.text for record in records] == ["Plain text,\nnaïve.\n", "Text of page 1, naïve."]
    assert failures == []


def test_a_page_without_text_is_kept_as_empty() -> None:
    (record,), failures = read(warc_record(http(b"<html><body><script>x()</script></body></html>")))
    assert record.text == ""
    assert failures == []


def test_headers_may_end_in_line_feeds_alone() -> None:
    block = http(PAGE.format(0).encode()).replace(b"\r\n", b"\n")
    records, _ = read(warc_record(block))
    assert numbers(records) == [0]


@pytest.mark.parametrize(
    ("block", "error"),
    [
        (
            http(gzip.compress(PAGE.encode(), mtime=0)[::-1], headers="Content-Encoding: gzip\r\n"),
            "do not describe",
        ),
        (
            http(gzip.compress(bytes(30_000), mtime=0), headers="Content-Encoding: gzip\r\n"),
            "limit record_bytes 20000",
        ),
        (b"<html>no header</html>", "without a status line"),
        (b"", "without a status line"),
    ],
)
def test_content_that_cannot_be_read_fails_alone(block: bytes, error: str) -> None:
    record = warc_record(block)
    limits = Limits(record_bytes=20_000 if "20000" in error else 1 << 20)
    records, (failure,) = read(page(0) + record + page(1), limits)
    assert numbers(records) == [0, 1]
    assert error in failure.error
    assert (failure.offset, failure.size) == (len(page(0)), len(record) - len(b"\r\n\r\n"))


def test_text_that_is_not_utf_8_fails() -> None:
    _, (failure,) = read(warc_record(b"na\xefve", "conversion", content_type="text/plain"))
    assert failure.error == "text that is not UTF-8: invalid continuation byte at byte 2"


def compressions() -> list[object]:
    return [pytest.param(bytes, id="plain"), pytest.param(gzip.compress, id="gzip")]


@pytest.mark.parametrize("compress", compressions())
@pytest.mark.parametrize("cut", [1, 5, 30, 60, 100, 130, 200, 250])
def test_a_truncated_record_costs_no_other(compress: object, cut: int) -> None:
    assert callable(compress)
    whole = [page(number) for number in range(4)]
    whole[1] = whole[1][:cut]
    records, (failure,) = read(b"".join(compress(each) for each in whole))
    assert numbers(records) == [0, 2, 3]
    assert (failure.offset, failure.size) == (len(whole[0]), cut)


def test_a_truncated_file_keeps_what_it_holds() -> None:
    for whole in (page(0) + page(1), gzip.compress(page(0)) + gzip.compress(page(1))):
        records, (failure,) = read(whole[:-40])
        assert numbers(records) == [0]
        assert failure.offset == len(page(0))
        assert "truncated record" in failure.error or "broken gzip file" in failure.error


def test_a_broken_gzip_member_costs_no_other() -> None:
    members = [gzip.compress(page(number)) for number in range(5)]
    members[2] = members[2][:60] + bytes(20) + members[2][80:]
    records, (failure,) = read(b"".join(members))
    assert numbers(records) == [0, 1, 3, 4]
    assert failure.offset == len(page(0) + page(1))
    assert f"reading goes on at byte {sum(map(len, members[:3]))}" in failure.error


@pytest.mark.parametrize("compress", compressions())
@pytest.mark.parametrize(
    "length", [b"99999999999999999999", b"70000000", b"100000", b"-1", b"x", b"", b"200"]
)
def test_a_wrong_content_length_costs_no_other(compress: object, length: bytes) -> None:
    assert callable(compress)
    whole = [page(number) for number in range(4)]
    right = b"Content-Length: %d" % (len(whole[1]) - whole[1].index(b"HTTP/") - 4)
    assert right in whole[1]
    whole[1] = whole[1].replace(right, b"Content-Length: " + length)
    records, (failure,) = read(b"".join(compress(each) for each in whole))
    assert numbers(records) == [0, 2, 3]
    assert (failure.offset, failure.size) == (len(whole[0]), len(whole[1]))


@pytest.mark.parametrize("compress", compressions())
@pytest.mark.parametrize("short", [1, 2, 3, 20, 100])
@pytest.mark.parametrize("newline", [b"\r\n", b"\n"])
def test_a_record_longer_than_it_says_ends_where_the_next_one_begins(
    compress: object, short: int, newline: bytes
) -> None:
    assert callable(compress)
    whole = [page(number).replace(b"\r\n", newline) for number in range(4)]
    length = len(whole[0]) - whole[0].index(b"HTTP/") - 2 * len(newline)
    for number in (1, 3):
        whole[number] = re.sub(
            rb"Content-Length: \d+", b"Content-Length: %d" % (length - short), whole[number]
        )
    for number in (0, 2):
        whole[number] = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % length, whole[number])
    records, failures = read(b"".join(compress(each) for each in whole))
    assert (numbers(records), failures) == ([0, 1, 2, 3], [])


def test_a_record_of_a_wrong_length_that_runs_into_another_fails() -> None:
    """Where a page quotes a record and its own length is wrong, its end cannot be told."""
    quoting = warc_record(http(b"<main><pre>" + page(7) + b"</pre></main>"), number=0)
    quoting = re.sub(rb"Content-Length: \d+", b"Content-Length: 300", quoting, count=1)
    records, (failure, rest) = read(quoting + page(1))
    assert [record.url for record in records] == ["http://example.org/7", "http://example.org/1"]
    assert failure.error == "record whose length, given as 300 bytes, does not lead to its end"
    assert rest.error.startswith("not a WARC or ARC record")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\r\n", b"\n"),
        (b"WARC-Type", b"warc-type"),
        (b"WARC-Target-URI", b"Warc-target-uri"),
        (b"Content-Length: ", b"CONTENT-LENGTH :"),
        (b"Content-Type: text", b"content-type:text"),
        (b"WARC/1.0", b"WARC/0.18"),
        (b"WARC/1.0\r\n", b"WARC/1.1 \r\nWARC-Date: 2009-03-65T08:43:19-0800\r\n"),
        (b"http://example.org/0\r\n", b"<http://example.org/0>\r\n"),
        (b"http://example.org/0\r\n", b"\r\n http://example.org/0\r\n"),
    ],
)
def test_headers_as_old_crawlers_write_them(old: bytes, new: bytes) -> None:
    """ClueWeb09 ends every line in a line feed alone; with the page's own length all pages are read."""
    block = http(PAGE.format(0).encode()).replace(old, new)
    record = warc_record(block).replace(old, new)
    records, failures = read(record + page(1))
    assert (numbers(records), failures) == ([0, 1], [])


def arc(number: int, url: str = "http://example.org/", newline: bytes = b"\n", short: int = 0) -> bytes:
    block = http(PAGE.format(number).encode())
    line = f"{url}{number} 156.33.195.33 20041015060312 text/html {len(block) - short}"
    return line.encode() + newline + block + newline


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("short", [0, 1])
def test_addresses_of_arc_may_hold_spaces(newline: bytes, short: int) -> None:
    url = "http://example.org/a.cfm?cFileno=WEL 802.02(B)&c 1.2.3.4 Doc=/"
    records, failures = read(arc(0, newline=newline) + arc(1, url, newline, short) + arc(2, newline=newline))
    assert (numbers(records), failures) == ([0, 1, 2], [])
    assert [record.url for record in records][1] == f"{url}1"


def test_arc_of_version_2() -> None:
    block = http(PAGE.format(0).encode())
    line = f"http://example.org/0 192.0.2.1 20040503014450 text/html 200 - - 1209 a b.arc.gz {len(block)}\n"
    records, failures = read(line.encode() + block + b"\n" + arc(1))
    assert (numbers(records), failures) == ([0, 1], [])


def test_arc_lines_are_read_in_linear_time() -> None:
    line = b"a: " + b"1 20000000 x 1 " * 70_000 + b"\n"
    records, (failure,) = read(page(0) + line * 4 + page(1))
    assert (numbers(records), failure.size) == ([0, 1], 4 * len(line))


def test_a_record_over_the_limit_fails_alone() -> None:
    big = warc_record(http(b"<p>word</p>" * 100_000))
    records, (failure,) = read(page(0) + big + page(1), Limits(record_bytes=100_000))
    assert numbers(records) == [0, 1]
    assert failure.offset == len(page(0))
    assert failure.size == len(big)
    assert failure.error.endswith("over the limit record_bytes 100000")


def test_noise_between_records_is_told() -> None:
    noise = b"lorem ipsum WARC/1.0\r\nis a first line " * 20_000
    records, (failure,) = read(page(0) + noise + page(1))
    assert numbers(records) == [0, 1]
    assert (failure.offset, failure.size) == (len(page(0)), len(noise))


def test_a_page_may_quote_a_record() -> None:
    quoting = warc_record(http(b"<main><p>A record:</p><pre>" + page(7) + b"</pre></main>"), number=0)
    records, failures = read(quoting + page(1))
    assert [record.url for record in records] == ["http://example.org/0", "http://example.org/1"]
    assert failures == []


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2000,
        b'{"text": "a"}\n' * 1000,
        gzip.compress(b"text\n" * 9, mtime=0),
    ],
)
def test_a_file_of_another_kind_is_one_failure(data: bytes) -> None:
    records, (failure,) = read(data)
    assert records == []
    assert failure.offset == 0
    assert failure.error.startswith("not a WARC or ARC record: expected a line such as WARC/1.0, found b'")


def test_a_bomb_stops_the_file() -> None:
    records, (failure,) = read(
        gzip.compress(page(0)) + gzip.compress(page(1) + bytes(20 << 20)), Limits(expansion_ratio=9)
    )
    assert numbers(records) == [0, 1]
    assert "expands more than 9 times" in failure.error


@pytest.mark.parametrize(
    ("name", "urls", "passed_over", "errors"),
    [
        ("block-sized-records.warc.gz", [], {"unknown record": 3}, []),
        (
            "clipped.warc.gz",
            [],
            {},
            ["truncated record: its length is given as 88275 bytes, 75207 follow; broken gzip"],
        ),
        (
            "example-iana.org-chunked.warc",
            ["http://www.iana.org/"],
            {"warcinfo record": 1, "request record": 1},
            [],
        ),
        (
            "example-trunc.warc",
            ["http://example.com/"],
            {"warcinfo record": 2, "request record": 1},
            [],
        ),
        ("example-wrong-chunks.warc.gz", ["http://example.com/"], {"request record": 1}, []),
        ("example.arc.gz", ["http://example.com/"], {"warcinfo record": 1}, []),
        (
            "example.warc.gz",
            ["http://example.com/"],
            {"warcinfo record": 2, "request record": 2, "revisit record": 1},
            [],
        ),
        (
            "whirlwind.warc.gz",
            ["https://an.wikipedia.org/wiki/Escopete"],
            {"warcinfo record": 1, "request record": 1, "metadata record": 1},
            [],
        ),
        ("whirlwind.warc.wat.gz", [], {"warcinfo record": 1, "metadata record": 1}, []),
        (
            "whirlwind.warc.wet.gz",
            ["https://an.wikipedia.org/wiki/Escopete"],
            {"warcinfo record": 1},
            [],
        ),
    ],
)
def test_archives_of_other_programs(
    shared_data: Path, name: str, urls: list[str], passed_over: dict[str, int], errors: list[str]
) -> None:
    """Why this is right stands in docs/robustness.md."""
    content = (shared_data / "web" / "robustness" / name).read_bytes()
    records, failures = read(content)
    assert [record.url for record in records] == urls
    assert all(len(record.text) > 150 for record in records)
    assert Counter(each.kind for each in skipped(content)) == passed_over
    assert [failure.error[: len(error)] for failure, error in zip(failures, errors, strict=True)] == errors


def test_every_archive_of_other_programs_is_in_the_table(shared_data: Path) -> None:
    table = (ROOT / "docs/robustness.md").read_text().partition("## What is skipped")[0]
    names = re.findall(r"^\| (\S+\.\S+) \|", table, re.MULTILINE)
    assert sorted(names) == sorted(path.name for path in (shared_data / "web" / "robustness").iterdir())


def test_a_page_whose_characters_are_lost_fails() -> None:
    lost = warc_record(
        http("<p>\ufffd\ufffd\ufffd\ufffd ƴ\ufffd and</p>".replace("and", "a").encode()), number=1
    )
    records, (failure,) = read(page(0) + lost + page(2))
    assert numbers(records) == [0, 2]
    assert failure.error == "no text: it holds too many U+FFFD or control characters (read as utf-8)"


def test_a_page_too_long_to_be_read_in_time_fails_and_the_next_is_read() -> None:
    long = warc_record(http(b"<p>" + b"long " * (MOST_BYTES // 5)), number=1)
    records, failures = read(page(0) + long + page(2))
    assert numbers(records) == [0, 2]
    assert [failure.offset for failure in failures] == [len(page(0))]
    assert f"limit of {MOST_BYTES} for HTML" in failures[0].error


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n", b"\r\n" * 5])
def test_records_need_no_blank_line_between(compress: Callable[[bytes], bytes], between: bytes) -> None:
    pages = [page(number).removesuffix(b"\r\n\r\n") + between for number in range(3)]
    assert numbers(read(compress(b"".join(pages)))[0]) == [0, 1, 2]
    assert numbers(read(b"".join(compress(each) for each in pages))[0]) == [0, 1, 2]
    assert read(compress(b"".join(pages)))[1] == []
