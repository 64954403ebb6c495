"""Parses HTTP responses in crawls: the status, the header fields, and the body as a browser would see it.

Crawlers store bodies that they have already decoded under headers that say otherwise, and cut off bodies. A body that
does not decode is taken as it is if it reads as text. Of a body that breaks off, the part that is there is taken, as
browsers do.
"""

import re
import zlib
from collections.abc import Callable
from typing import NamedTuple

import brotli
from backports import zstd

from massivetext.pipeline.read.formats import headers

STATUS = re.compile(rb"HTTP/\d\S* +(\d{3})\b")
CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
CHUNK = re.compile(rb"(?:\r?\n)?([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")
SHOWN = 4096  # the bytes in which a text is recognised
CONTROL = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")  # not those that a text in any charset holds
ZSTD_WINDOW = 27  # log2 of the memory that a body may demand; RFC 9659 allows servers 23
ZSTD = b"\x28\xb5\x2f\xfd"
GZIP = b"\x1f\x8b\x08"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class BodyError(ValueError):
    """The header fields of a response do not fit its body."""


class Response(NamedTuple):
    """A response; `content` is the body as it was stored."""

    status: str
    fields: headers.Fields
    content: bytes

    @property
    def charset(self) -> str | None:
        """Returns the charset that the server states."""
        stated = CHARSET.search(headers.first(self.fields, "content-type") or "")
        return stated[1] if stated else None


def parse(block: bytes) -> Response | None:
    """Returns the response in a record's block; None if the block does not begin with a status line."""
    status = STATUS.match(block)
    if not status:
        return None
    end = headers.END.search(block)
    head = block[: end.start()] if end else block
    return Response(status[1].decode(), headers.parse(head), block[end.end() :] if end else b"")


def body(response: Response, limit: int) -> bytes:
    """Returns the body without transfer and content encodings. Raises BodyError if the result exceeds `limit` bytes or
    cannot be decoded."""
    content = response.content
    applied = [
        *_codings(response.fields, "content-encoding"),
        *_codings(response.fields, "transfer-encoding"),
    ]
    for coding in reversed(applied):
        content = _unchunked(content) if coding == "chunked" else _decoded(content, coding, limit)
    if content.startswith(GZIP):  # a file that is stored compressed, or encoded once more than the fields say
        content = _decoded(content, "gzip", limit)
    if len(content) > limit:
        raise BodyError(f"HTTP body that decodes to more than the limit record_bytes {limit}")
    return content


def _codings(fields: headers.Fields, name: str) -> list[str]:
    return [coding.strip().lower() for value in fields.get(name, ()) for coding in value.split(",")]


def _unchunked(content: bytes) -> bytes:
    parts: list[bytes] = []
    at = 0
    while chunk := CHUNK.match(content, at):
        size = int(chunk[1], 16)
        if not size:
            return b"".join(parts)
        parts.append(content[chunk.end() : chunk.end() + size])
        at = chunk.end() + size
    if not parts:
        return content  # the crawler joined the chunks
    if content[at:].strip():
        raise BodyError(f"HTTP body in chunks: no chunk begins at byte {at}, where one should")
    return b"".join(parts)


def _decoded(content: bytes, coding: str, limit: int) -> bytes:
    """Removes one encoding from the content. Returns a text unchanged, and what has an encoding that is not known."""
    best, error = b"", "it breaks off"
    for decode in DECODERS.get(coding, ()) if content else ():
        try:
            decoded, is_whole = decode(content, limit + 1)
        except (zlib.error, brotli.error, zstd.ZstdError) as wrong:
            error = str(wrong)
            continue
        if is_whole or len(decoded) > limit:
            return decoded
        best = max(best, decoded, key=len)
    if coding not in DECODERS or not content or _is_text(content):
        return content
    if not best:
        raise BodyError(f"HTTP body that its headers do not describe: {coding}: {error}")
    return best


def _is_text(content: bytes) -> bool:
    return content.startswith(UTF_16) or not CONTROL.search(content, 0, SHOWN)


Decode = Callable[[bytes, int], tuple[bytes, bool]]
"""Decodes at most so many bytes. Returns them, and whether the content was whole."""


def _gzip(content: bytes, most: int) -> tuple[bytes, bool]:
    decoded = b""
    while True:
        member = zlib.decompressobj(wbits=31)
        decoded += member.decompress(content, most - len(decoded))
        content = member.unused_data
        if not member.eof or len(decoded) >= most or not content.startswith(GZIP):
            return decoded, member.eof


def _zlib(content: bytes, most: int) -> tuple[bytes, bool]:
    stream = zlib.decompressobj()
    return stream.decompress(content, most), stream.eof


def _raw_deflate(content: bytes, most: int) -> tuple[bytes, bool]:
    """Decodes raw deflate, which some servers send as `deflate` instead of zlib's format. Only its end proves the
    format."""
    stream = zlib.decompressobj(wbits=-15)
    decoded = stream.decompress(content, most)
    return (decoded, True) if stream.eof or len(decoded) >= most else (b"", False)


def _brotli(content: bytes, most: int) -> tuple[bytes, bool]:
    stream = brotli.Decompressor()
    decoded = bytes(stream.process(content, output_buffer_limit=most))
    while not stream.is_finished() and len(decoded) < most and not stream.can_accept_more_data():
        decoded += stream.process(b"", output_buffer_limit=most - len(decoded))
    return decoded, stream.is_finished()


def _zstd(content: bytes, most: int) -> tuple[bytes, bool]:
    decoded = b""
    while True:
        frame = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW})
        decoded += frame.decompress(content, most - len(decoded))
        content = frame.unused_data or b""
        if not frame.eof or len(decoded) >= most or not content.startswith(ZSTD):
            return decoded, frame.eof


DECODERS: dict[str, tuple[Decode, ...]] = {
    # Servers confuse these names.
    "gzip": (_gzip, _zlib),
    "x-gzip": (_gzip, _zlib),
    "deflate": (_zlib, _raw_deflate, _gzip),
    "br": (_brotli,),
    "zstd": (_zstd,),
}
