"""Charsets: the characters of a page or a text, and how its encoding was told."""

import codecs
import re
from typing import Literal, NamedTuple

from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like UTF-16's
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF32_BE, "utf-32"),
)
HTML_MARKS = tuple(each for each in MARKS if each[1] != "utf-32")  # no browser reads it
META = re.compile(rb"<meta[^<>]{0,256}?charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([\w:.-]{1,40})", re.IGNORECASE)
META_BYTES = 1024  # of a page in which its meta element must state the charset

Origin = Literal["bom", "header", "meta", "declared", "detected", "utf-8"]
"""How an encoding was told: by the byte-order mark, the server's header, the page's meta element, the source
file's comment or detection; or the bytes are valid UTF-8, which other encodings' hardly ever are."""


class Decoded(NamedTuple):
    """Characters, the encoding they were read by, in Python's name, and how it was told."""

    text: str
    charset: str
    origin: Origin


def decode_page(html: bytes, declared: str | None = None) -> Decoded:
    """A page's characters.

    The encoding is that of the byte-order mark, else the one `declared` by the server, else the page's meta
    element's, else detected. If bytes do not fit it, it is detected, with U+FFFD for what still does not fit.
    """
    charset, origin = _told(html, declared)
    try:
        return Decoded(html.decode(charset), _name(charset), origin)
    except (UnicodeError, LookupError):
        return _detected(html)


def decode_text(content: bytes) -> Decoded:
    """A text's characters: by its byte-order mark, as UTF-8, or by detection; U+FFFD for what does not fit."""
    marked = next((encoding for mark, encoding in MARKS if content.startswith(mark)), None)
    try:
        text = content.decode(marked or "utf-8")
        return Decoded(text, _name(marked or "utf-8"), "bom" if marked else "utf-8")
    except UnicodeDecodeError:
        return _detected(content)


def _told(html: bytes, declared: str | None) -> tuple[str, Origin]:
    if marked := next((encoding for mark, encoding in HTML_MARKS if html.startswith(mark)), None):
        return marked, "bom"
    if served := declared and map_encoding_to_html5(declared, fallback_utf8=False):
        return served, "header"
    found = detect_encoding(html, from_html_meta=True) or "utf-8"
    meta = META.search(html, 0, META_BYTES)
    stated = meta and map_encoding_to_html5(meta[1].decode("ascii", "replace"), fallback_utf8=False)
    return found, "meta" if stated and _name(stated) == _name(found) else "detected"


def _detected(content: bytes) -> Decoded:
    charset = detect_encoding(content) or "utf-8"
    return Decoded(content.decode(charset, "replace"), _name(charset), "detected")


def _name(charset: str) -> str:
    """One name for each encoding, whatever it is called: `utf-8` for `UTF8` and `utf-8-sig`."""
    try:
        return codecs.lookup(charset).name.removesuffix("-sig")
    except LookupError:
        return charset
