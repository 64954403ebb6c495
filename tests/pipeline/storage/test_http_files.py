"""Files on web servers: by ranges, with waits and retries, and never shorter than they are."""

import hashlib
import math
import random
from collections.abc import Iterator
from email.utils import formatdate
from time import time

import pytest

from massivetext.pipeline.storage import files, http_files, http_request, retries
from massivetext.pipeline.storage.http_files import stretch
from massivetext.pipeline.storage.http_request import Address
from massivetext.pipeline.storage.object_store import StoreError
from tests.servers import Answer, Server, serving

DATA = random.Random(0).randbytes(300_000)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.files["/a.bin"] = DATA
        yield server


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits, none of which is waited."""
    noted: list[float] = []
    monkeypatch.setattr(retries.time, "sleep", noted.append)
    return noted


def as_long(waits: list[float]) -> list[float]:
    """The powers of two that are at most the waits, which are up to twice as long, by a seeded chance."""
    return [2.0 ** math.floor(math.log2(wait)) for wait in waits]


def test_a_file_is_read_by_ranges(server: Server) -> None:
    with files.open_ranges(f"{server.url}/a.bin") as stream:
        assert stream.seek(0, 2) == len(DATA)
        stream.seek(-10, 2)
        assert stream.read() == DATA[-10:]
        stream.seek(1000)
        assert stream.read(5) == DATA[1000:1005]
    assert [asked for _, asked in server.asked] == ["bytes=0-0", "bytes=299990-299999", "bytes=1000-1004"]
    assert files.read_bytes(f"{server.url}/a.bin") == DATA


def test_a_small_buffer_does_not_ask_past_the_end(server: Server) -> None:
    with http_files.open_read(f"{server.url}/a.bin", buffer=70_000) as stream:
        assert b"".join(iter(lambda: stream.read(999), b"")) == DATA
    assert len(server.asked) == 1 + 5


def test_its_stamp_follows_its_bytes(server: Server) -> None:
    (found,) = files.stamped(f"{server.url}/a.bin")
    assert (found.name, found.bytes, found.path) == (f"{server.url}/a.bin", len(DATA), f"{server.url}/a.bin")
    server.files["/a.bin"] = DATA[::-1]
    (other,) = files.stamped(f"{server.url}/a.bin")
    assert other.stamp != found.stamp
    assert files.stamped(f"{server.url}/none") == []
    assert not files.exists(f"{server.url}/none")


def test_a_glob_is_matched_by_the_page_of_the_folder(server: Server) -> None:
    server.files |= {
        "/d/": b'<a href="../">up</a><a href="x1.gz">x1</a> <A class=a HREF=x2.gz>x2</A><a href="/d/y.gz">'
        b'<a href="sub/"><a href="?C=N"><a href="http://other.example/x3.gz">',
        "/d/x1.gz": b"1",
        "/d/x2.gz": b"22",
        "/d/y.gz": b"333",
    }
    assert files.match(f"{server.url}/d/x*.gz") == [
        (f"{server.url}/d/x1.gz", 1),
        (f"{server.url}/d/x2.gz", 2),
    ]
    assert files.match(f"{server.url}/none/*.gz") == []
    with pytest.raises(StoreError, match="lists no folders"):
        files.match(f"{server.url}/d/**/x1.gz")


def test_an_empty_file_is_empty(server: Server) -> None:
    server.files["/empty"] = b""
    assert files.read_bytes(f"{server.url}/empty") == b""
    assert files.stamped(f"{server.url}/empty")[0].bytes == 0


def test_a_server_without_ranges_sends_the_file_once(server: Server) -> None:
    server.has_ranges = False
    with files.open_read(f"{server.url}/a.bin") as stream:
        stream.seek(1000)
        assert stream.read(5) == DATA[1000:1005]
        stream.seek(0)
        assert stream.read() == DATA
    assert len(server.asked) == 2


def test_what_breaks_off_goes_on_from_there(server: Server, waits: list[float]) -> None:
    with files.open_read(f"{server.url}/a.bin") as stream:
        whole = server.ranged(DATA, {"Range": "bytes=0-299999"})
        server.once(whole._replace(sent=100_000))
        assert stream.read() == DATA
    start = int(server.asked[-1][1].removeprefix("bytes=").partition("-")[0])
    assert 0 < start <= 100_000
    assert as_long(waits) == [0.5]


def test_an_answer_of_the_wrong_length_is_asked_for_again(server: Server) -> None:
    with files.open_read(f"{server.url}/a.bin") as stream:
        whole = server.ranged(DATA, {"Range": "bytes=0-299999"})
        server.once(whole._replace(body=DATA[:1000]))  # with a Content-Length that fits it
        server.once(whole._replace(headers={**whole.headers, "Content-Length": "400000"}, sent=len(DATA)))
        assert stream.read() == DATA


def test_a_file_that_never_comes_whole_is_an_error(server: Server, waits: list[float]) -> None:
    server.has_ranges = False
    server.always(Answer(200, {"Content-Length": "300000"}, DATA[:1000], sent=1000), "/a.bin")
    with pytest.raises(StoreError, match=r"/a\.bin: the connection broke off after \d+ bytes.*6 attempts"):
        files.read_bytes(f"{server.url}/a.bin")
    assert as_long(waits) == [0.5, 1, 2, 4, 8]


def test_a_busy_server_is_left_alone_as_long_as_it_asks(server: Server, waits: list[float]) -> None:
    server.once(Answer(429, {"Retry-After": "7"}))
    server.once(Answer(503, {"Retry-After": formatdate(time() + 30, usegmt=True)}))
    server.once(Answer(429, {"Retry-After": "86400"}))
    server.once(Answer(500))
    assert files.match(f"{server.url}/a.bin") == [(f"{server.url}/a.bin", len(DATA))]
    assert waits[0] == 7
    assert 25 < waits[1] <= 30
    assert waits[2] == http_request.PATIENCE.asked
    assert as_long(waits[3:]) == [4]


def test_a_server_that_stays_busy_is_named(server: Server) -> None:
    server.always(Answer(429), "/a.bin")
    with pytest.raises(StoreError, match=r"/a\.bin: the server answers 429 Too Many Requests \(6 attempts\)"):
        files.read_bytes(f"{server.url}/a.bin")


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_says_where_a_login_goes(server: Server, status: int, waits: list[float]) -> None:
    server.always(Answer(status), "/a.bin")
    with pytest.raises(StoreError, match=rf"the server answers {status} \w+: .*netrc"):
        files.read_bytes(f"{server.url}/a.bin")
    assert waits == []


def test_a_file_that_is_not_there_says_so(server: Server) -> None:
    with pytest.raises(FileNotFoundError):
        files.read_bytes(f"{server.url}/none")


def test_a_file_that_changes_while_it_is_read_is_an_error(server: Server) -> None:
    with files.open_ranges(f"{server.url}/a.bin") as stream:
        stream.read(10)
        server.files["/a.bin"] = DATA[::-1]
        with pytest.raises(StoreError, match="changed while it was read"):
            stream.read(10)


def test_no_server_is_an_error() -> None:
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:9/a: .*6 attempts"):
        files.read_bytes("http://127.0.0.1:9/a")


def test_a_login_is_not_sent_to_another_host(server: Server) -> None:
    sent: list[str | None] = []
    with serving() as other:
        other.files["/there"] = DATA
        other.faults.append(lambda _, headers: sent.append(headers.get("Authorization")))  # type: ignore[func-returns-value]
        elsewhere = other.url.replace("127.0.0.1", "localhost")
        server.always(Answer(302, {"Location": f"{elsewhere}/there"}), "/a.bin")
        address = Address(f"{server.url}/a.bin", (("Authorization", "Bearer secret"),))
        assert stretch(address, 10, 20) == DATA[10:30]
    assert sent == [None]


def test_a_range_past_the_end_is_shorter(server: Server) -> None:
    assert files.read_range(f"{server.url}/a.bin", 10, 20) == DATA[10:30]
    assert files.read_range(f"{server.url}/a.bin", len(DATA) - 5, 10) == DATA[-5:]
    assert files.read_range(f"{server.url}/a.bin", len(DATA), 5) == b""


def test_nothing_is_written_to_a_web_server() -> None:
    with pytest.raises(StoreError, match="can be read, not written to"):
        files.write_bytes("https://example.org/out", "a", b"x")


def test_what_is_read_has_the_hash_of_what_is_served(server: Server) -> None:
    assert files.sha256(f"{server.url}/a.bin") == hashlib.sha256(DATA).hexdigest()
