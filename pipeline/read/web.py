"""Web pages from WARC, ARC and WET files: HTML responses as text, conversion records as they are."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from fastwarc.warc import WarcRecord, WarcRecordType

from massivetext.pipeline.config.reading import Limits
from massivetext.pipeline.read.capture_date import capture_date
from massivetext.pipeline.read.formats import html, warc
from massivetext.pipeline.read.formats.charset import decode_page
from massivetext.pipeline.read.formats.decompress import Decompressed
from massivetext.pipeline.read.record import Failure, Found, Input, Record, Skipped
from massivetext.pipeline.read.robots import directives

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
SNIFFED = 1024  # bytes in which a page without a type must show itself as HTML
SIGN_OF_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|title)\b", re.IGNORECASE)
MEDIA_TYPES = frozenset(
    {"application", "audio", "font", "image", "message", "model", "multipart", "text", "video"}
)
ARC_DATE = re.compile(rb"\S+ \S+ (\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?!\S)")
STATUS = re.compile(r"HTTP/\d\S* +(\d{3})\b")
Decode = Literal["none", "transfer", "all"]  # which of an HTTP body's encodings fastwarc undoes


class ContentError(ValueError):
    """A record whose content is not what its headers say."""


def read(source: Input) -> Iterator[Found]:
    """The pages of a WARC, ARC or WET file; a Record's offset is its record's in the decompressed file.

    Records of other kinds, of other content types, and of an HTTP status other than 2xx are no documents:
    they are Skipped, by the first of these reasons. A page without text is a Record with an empty one.
    """
    limits = source.limits
    for frame in warc.frames(Decompressed(source.stream, limits), limits):
        if isinstance(frame, Failure):
            yield frame
            continue
        try:
            yield _document(frame, limits)
        except (OSError, ContentError, html.LongPageError) as error:  # OSError: fastwarc's, about the record
            yield Failure(frame.offset, str(error), len(frame.record))


def _document(frame: warc.Frame, limits: Limits) -> Record | Skipped:
    """The document in a record, or what it is instead."""
    raw = frame.record if frame.record.startswith(b"WARC/") else _arc_as_warc(frame.record)
    record = WarcRecord.from_bytes(raw)
    if record.record_type == WarcRecordType.conversion:
        text = _utf8(record.reader.read())
        return Record(frame.offset, text, _url(record), captured=_captured(record))
    if record.record_type == WarcRecordType.response:
        page = _response(raw, limits) if record.is_http else "response not of HTTP"
    elif record.record_type == WarcRecordType.resource:
        mime = _mime(record.headers.get("Content-Type"))
        page = _page(record.reader.read()) if mime in HTML_TYPES else _of_type(mime)
    else:
        page = f"{record.record_type} record"
    if isinstance(page, str):
        return Skipped(page, len(frame.record))
    return page._replace(offset=frame.offset, url=_url(record), captured=_captured(record))


def _page(content: bytes, declared: str | None = None, robots: Sequence[str] = ()) -> Record:
    """A page as a document of no place yet. `declared`: its charset, `robots`: X-Robots-Tag, by its headers."""
    decoded = decode_page(content, declared)
    page = html.extract(decoded.text)
    asked = directives(decoded.text, robots)
    return Record(-1, page.text, None, page.title, None, decoded.charset, decoded.origin, asked)


def _response(raw: bytes, limits: Limits) -> Record | str:
    """The page of an HTTP response, or what it is instead."""
    record = _parsed(raw, "none")
    status = STATUS.match(record.http_headers.status_line or "")
    if not status:
        raise ContentError("HTTP response without a status line")
    mime = _mime(record.http_content_type)
    if not status[1].startswith("2"):
        return f"HTTP status {status[1][0]}xx"
    if mime and mime not in HTML_TYPES:
        return _of_type(mime)
    body = _body(raw, limits)
    if not mime and not SIGN_OF_HTML.search(body, 0, SNIFFED):
        return "no content type, and no sign of HTML"
    declared = (record.http_charset or "").strip("\"' ")
    return _page(body, declared, record.http_headers.get_multiple("X-Robots-Tag"))


def _parsed(raw: bytes, decode: Decode) -> WarcRecord:
    record = WarcRecord.from_bytes(raw)
    record.parse_http(auto_decode=decode, quirks_mode=True)  # quirks: headers that end in \n alone
    return record


def _body(raw: bytes, limits: Limits) -> bytes:
    """The response's body, its transfer and content encodings undone.

    Crawlers store bodies that are decoded already under headers that say otherwise; where decoding fails, a
    body that shows itself as HTML is taken as it is.
    """
    try:
        body = bytes(_parsed(raw, "all").reader.read(limits.record_bytes + 1))
    except OSError as error:
        weaker: tuple[Decode, ...] = ("transfer", "none")
        for decode in weaker:
            try:
                body = bytes(_parsed(raw, decode).reader.read(limits.record_bytes + 1))
            except OSError:
                continue
            if SIGN_OF_HTML.search(body, 0, SNIFFED):
                return body
        raise ContentError(f"HTTP body that its headers do not describe: {error}") from error
    if len(body) > limits.record_bytes:
        raise ContentError(
            f"HTTP body that decodes to more than the limit record_bytes {limits.record_bytes}"
        )
    return body


def _arc_as_warc(record: bytes) -> bytes:
    """An ARC record as the WARC record that says the same; its first (filedesc) as a warcinfo."""
    line, _, block = record.partition(b"\n")
    url, kind = line.split(b" ", 1)[0], b"warcinfo" if line.startswith(b"filedesc:") else b"response"
    head = b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\n" % (kind, url)
    if date := ARC_DATE.match(line):
        head += b"WARC-Date: %s-%s-%sT%s:%s:%sZ\r\n" % date.groups()
    if block.startswith(b"HTTP/"):
        head += b"Content-Type: application/http; msgtype=response\r\n"
    return head + b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(block), block)


def _url(record: WarcRecord) -> str | None:
    return record.headers.get("WARC-Target-URI") or None


def _captured(record: WarcRecord) -> datetime | None:
    return capture_date(record.headers.get("WARC-Date"))


def _mime(content_type: str | None) -> str:
    return (content_type or "").split(";")[0].strip().lower()


def _of_type(mime: str) -> str:
    """What a record of another content type than HTML is counted as: by the part before the slash."""
    kind = mime.partition("/")[0]
    return f"content type {kind}/*" if kind in MEDIA_TYPES else "content type none of the known"


def _utf8(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContentError(f"text that is not UTF-8: {error.reason} at byte {error.start}") from error
