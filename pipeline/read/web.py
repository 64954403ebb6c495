"""Reads web pages from WARC, ARC and WET files: the main text of HTML responses, and conversion records unchanged."""

import re
from collections.abc import Iterator
from functools import partial

from massivetext.filters.html.style import PLAIN, Style
from massivetext.filters.licence.creative_commons import mark
from massivetext.pipeline.read import web_index
from massivetext.pipeline.read.capture_date import capture_date
from massivetext.pipeline.read.formats import headers, html, http, warc
from massivetext.pipeline.read.formats.charset import decode_page, is_lost
from massivetext.pipeline.read.formats.decompress import Decompressed
from massivetext.pipeline.read.record import Failure, Found, Input, Record, Skipped
from massivetext.pipeline.read.robots import directives
from massivetext.pipeline.read.settings import Limits

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
SNIFFED = 1024  # the bytes in which a page without a type must look like HTML
SIGN_OF_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|title)\b", re.IGNORECASE)
MEDIA_TYPES = frozenset(
    {"application", "audio", "font", "image", "message", "model", "multipart", "text", "video"}
)
RECORD_TYPES = frozenset(
    {"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"}
)


class ContentError(ValueError):
    """The content of a record does not fit its headers."""


def read(source: Input) -> Iterator[Found]:
    """The pages of a WARC, ARC or WET file; a Record's offset is its record's in the decompressed file. Or those of the
    records that an index names.

    Records of other kinds, of other content types, and of an HTTP status other than 2xx are no documents:
    they are Skipped, by the first of these reasons. A page without text is a Record with an empty one.
    """
    if source.records is not None:
        yield from web_index.read(source, partial(document, style=html.style_of(source.pages)))
        return
    limits, style = source.limits, html.style_of(source.pages)
    for frame in warc.frames(Decompressed(source.stream, limits), limits):
        if isinstance(frame, Failure):
            yield frame
        elif source.is_taken(frame.offset):
            yield document(frame, limits, style)


def document(frame: warc.Frame, limits: Limits, style: Style = PLAIN) -> Found:
    """Returns the document in a record, or what the record is instead, or why it cannot be read."""
    try:
        return _document(frame, limits, style)
    except (ContentError, http.BodyError, html.LongPageError) as error:
        return Failure(frame.offset, str(error), frame.size)


def _document(frame: warc.Frame, limits: Limits, style: Style) -> Record | Skipped:
    fields, block = frame.fields, frame.block
    kind = (headers.first(fields, "warc-type") or "").lower()
    page: Record | str
    if kind == "conversion":
        page = Record(-1, _utf8(block))
    elif kind == "response":
        is_http = headers.media_type(fields) == "application/http" or block.startswith(b"HTTP/")
        page = _response(block, limits, style) if is_http else "response not of HTTP"
    elif kind == "resource":
        mime = headers.media_type(fields)
        page = _page(block, style) if mime in HTML_TYPES else _of_type(mime)
    else:
        page = f"{kind if kind in RECORD_TYPES else 'unknown'} record"
    if isinstance(page, str):
        return Skipped(page, frame.size)
    if is_lost(page.text):
        raise ContentError(
            f"no text: it holds too many U+FFFD or control characters (read as {page.charset or 'UTF-8'})"
        )
    captured = capture_date(headers.first(fields, "warc-date"))
    return page._replace(offset=frame.offset, url=_url(fields), captured=captured)


def _page(
    content: bytes, style: Style, declared: str | None = None, fields: headers.Fields | None = None
) -> Record:
    """Returns a page as a document without a place. `declared` is its charset by its HTTP headers `fields`."""
    fields = fields or {}
    decoded = decode_page(content, declared)
    page = html.extract(decoded.text, style)
    asked, licensed = directives(decoded.text, fields), mark(decoded.text, fields.get("link", ()))
    licence, licence_mark = licensed or (None, None)
    return Record(
        -1,
        page.text,
        title=page.title,
        licence=licence,
        licence_mark=licence_mark,
        charset=decoded.charset,
        charset_origin=decoded.origin,
        robots=asked,
    )


def _response(block: bytes, limits: Limits, style: Style) -> Record | str:
    """Returns the page of an HTTP response, or what the response is instead."""
    response = http.parse(block)
    if response is None:
        raise ContentError("HTTP response without a status line")
    mime = headers.media_type(response.fields)
    if not response.status.startswith("2"):
        return f"HTTP status {response.status[0]}xx"
    if mime and mime not in HTML_TYPES:
        return _of_type(mime)
    body = http.body(response, limits.record_bytes)
    if not mime and not SIGN_OF_HTML.search(body, 0, SNIFFED):
        return "no content type, and no sign of HTML"
    return _page(body, style, response.charset, response.fields)


def _url(fields: headers.Fields) -> str | None:
    """Returns the page's address. Some programs write it in angle brackets, after the grammar of WARC 1.0."""
    return (headers.first(fields, "warc-target-uri") or "").strip("<>") or None


def _of_type(mime: str) -> str:
    """Returns the kind under which a record of another type than HTML is counted: the part before the slash."""
    kind = mime.partition("/")[0]
    return f"content type {kind}/*" if kind in MEDIA_TYPES else "content type none of the known"


def _utf8(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContentError(f"text that is not UTF-8: {error.reason} at byte {error.start}") from error
