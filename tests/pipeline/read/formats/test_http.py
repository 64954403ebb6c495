import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from massivetext.pipeline.read.formats import http

PAGE = "<!DOCTYPE html><title>T</title><p>The wheel turned, naïve and old.</p>".encode() * 40
NOTES = b"<!-- template notes -->" * 100 + b"<p>The wheel turned.</p>" * 40


def response(content: bytes, fields: str = "") -> http.Response:
    parsed = http.parse(f"HTTP/1.1 200 OK\r\n{fields}\r\n".encode() + content)
    assert parsed is not None
    return parsed


def body(content: bytes, fields: str = "", limit: int = 1 << 20) -> bytes:
    return http.body(response(content, fields), limit)


def chunked(content: bytes) -> bytes:
    parts = [content[at : at + 100] for at in range(0, len(content), 100)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def raw_deflate(content: bytes) -> bytes:
    return zlib.compress(content)[2:-4]


def test_status_fields_and_content() -> None:
    found = http.parse(b"HTTP/1.1 404 Not Found\r\ncontent-TYPE: text/html;\r\n charset='utf-8'\r\n\r\nbody")
    assert found is not None
    assert (found.status, found.charset, found.content) == ("404", "utf-8", b"body")
    assert http.parse(b"HTTP/1.0 200\nA: b\n\nc") == ("200", {"a": ["b"]}, b"c")
    assert http.parse(b"HTTP/1.0 200 no end") == ("200", {}, b"")
    assert http.parse(b"<html>") is None


@pytest.mark.parametrize(
    ("fields", "encode"),
    [
        ("", bytes),
        ("Content-Encoding: gzip\r\n", gzip.compress),
        ("content-encoding: X-GZIP\r\n", gzip.compress),
        ("Content-Encoding: gzip\r\n", lambda content: gzip.compress(content) + b"\r\n"),
        (
            "Content-Encoding: gzip\r\n",
            lambda content: gzip.compress(content[:50]) + gzip.compress(content[50:]),
        ),
        ("Content-Encoding: deflate\r\n", zlib.compress),
        ("Content-Encoding: deflate\r\n", raw_deflate),
        ("Content-Encoding: br\r\n", brotli.compress),
        ("Content-Encoding: zstd\r\n", zstandard.compress),
        (
            "Content-Encoding: zstd\r\n",
            lambda content: zstandard.compress(content[:50]) + zstandard.compress(content[50:]),
        ),
        # Under the name of another encoding, or encoded once more than the fields say.
        ("Content-Encoding: deflate\r\n", gzip.compress),
        ("Content-Encoding: gzip\r\n", zlib.compress),
        ("Content-Encoding: gzip\r\n", lambda content: gzip.compress(gzip.compress(content))),
        ("", gzip.compress),
        ("Transfer-Encoding: gzip, chunked\r\n", lambda content: chunked(gzip.compress(content))),
        ("Content-Encoding: deflate, gzip\r\n", lambda content: gzip.compress(zlib.compress(content))),
        ("Transfer-Encoding: chunked\r\n", chunked),
        ("Transfer-Encoding: chunked\r\n", lambda content: chunked(content).removesuffix(b"0\r\n\r\n")),
        (
            "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
            lambda content: chunked(gzip.compress(content)),
        ),
        # Decoded by the crawler, which kept the headers.
        ("Content-Encoding: gzip\r\n", bytes),
        ("Content-Encoding: br\r\n", bytes),
        ("Content-Encoding: zstd\r\n", bytes),
        ("Content-Encoding: deflate\r\n", bytes),
        ("Transfer-Encoding: chunked\r\n", bytes),
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", chunked),
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", gzip.compress),
        ("Content-Encoding: utf-8\r\n", bytes),
        ("Content-Encoding: gzip\r\nContent-Encoding: identity\r\n", gzip.compress),
    ],
)
@pytest.mark.parametrize(
    "content", [PAGE, NOTES, PAGE.decode().encode("utf-16"), PAGE.decode().encode("shift_jis", "ignore"), b""]
)
def test_encodings(fields: str, encode: Callable[[bytes], bytes], content: bytes) -> None:
    assert body(encode(content), fields) == content


@pytest.mark.parametrize(
    ("fields", "encode"),
    [
        ("Content-Encoding: gzip\r\n", gzip.compress),
        ("Content-Encoding: deflate\r\n", zlib.compress),
        ("Content-Encoding: br\r\n", brotli.compress),
        ("Transfer-Encoding: chunked\r\n", chunked),
    ],
)
def test_of_a_body_that_breaks_off_what_is_there_is_taken(
    fields: str, encode: Callable[[bytes], bytes]
) -> None:
    content = b"".join(b"<p>line %d of %d</p>" % (i, i * 7919 % 10007) for i in range(3000))
    whole = encode(content)
    found = body(whole[: len(whole) * 3 // 4], fields)
    assert content.startswith(found)
    assert len(found) > len(content) // 3


@pytest.mark.parametrize(
    ("content", "fields", "error"),
    [
        (gzip.compress(PAGE)[::-1], "Content-Encoding: gzip\r\n", "do not describe: gzip"),
        (brotli.compress(PAGE)[::-1], "Content-Encoding: br\r\n", "do not describe: br"),
        (
            chunked(PAGE)[:100] + b"x" + chunked(PAGE)[105:],
            "Transfer-Encoding: chunked\r\n",
            "no chunk begins",
        ),
    ],
)
def test_bodies_that_cannot_be_read(content: bytes, fields: str, error: str) -> None:
    with pytest.raises(http.BodyError, match=error):
        body(content, fields)


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("br", brotli.compress),
        ("zstd", zstandard.compress),
    ],
)
def test_bombs_stop_at_the_limit(coding: str, encode: Callable[[bytes], bytes]) -> None:
    with pytest.raises(http.BodyError, match="more than the limit record_bytes 20000"):
        body(encode(bytes(5 << 20)), f"Content-Encoding: {coding}\r\n", 20_000)
