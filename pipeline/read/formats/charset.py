"""Decodes the characters of a page or a text, and says how its encoding was found."""

import codecs
import re
from typing import Literal, NamedTuple

from resiliparse.parse.encoding import map_encoding_to_html5

from massivetext.pipeline.read.formats.charset_guess import codec, escaped, guess, utf_16, utf_32

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like UTF-16's
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF32_BE, "utf-32"),
)
HTML_MARKS = tuple(each for each in MARKS if each[1] != "utf-32")  # no browser reads it
META = re.compile(
    rb"<meta[^<>]{0,256}?charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([\w:.-]{1,40})"
    rb"|\A\s{0,64}<\?xml[^<>]{0,256}?encoding\s{0,8}=\s{0,8}[\"']([\w:.-]{1,40})",
    re.IGNORECASE,
)
META_BYTES = 1024  # the bytes of a page in which its meta element must state the charset
CONTROL = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
MOST_CONTROL = 0.02  # the largest share of a text's characters that may be control characters
SHOWN = 4096  # the characters at a text's start by which it shows that it is none
BEYOND_ASCII = bytes(range(0x80, 0x100))
EVIDENCE = 16  # the fewest bytes beyond ASCII that tell the encoding of a field
FEW = 100  # a label counts if fewer than one in so many characters beyond ASCII do not fit it
WIDE = frozenset({"cp949", "gb18030", "cp932", "big5hkscs", "euc_jp", "iso2022-jp"})

Origin = Literal["bom", "header", "meta", "declared", "detected", "utf-8"]
"""How an encoding was found: by the byte-order mark, the server's header, the page's meta element, the source file's
comment or detection; or because the bytes are valid UTF-8, as those of other encodings hardly ever are."""


class Decoded(NamedTuple):
    """Characters, the encoding by which they were decoded (in Python's name), and how it was found."""

    text: str
    charset: str
    origin: Origin


def decode_page(html: bytes, declared: str | None = None) -> Decoded:
    """Decode a page.

    The encoding is that of the byte-order mark, else the one `declared` by the server, else that of the page's meta
    element, else it is detected from the bytes. It is also detected if the bytes do not fit the stated encoding, or if
    they are valid UTF-8 and the stated encoding has single bytes.
    """
    label, origin = _stated(html, declared)
    if label and origin == "bom":
        return _decoded(html, label, origin) or _told(html)
    if shown := utf_16(html) or (not label and escaped(html)):
        return Decoded(html.decode(shown, "replace"), _name(shown), "detected")
    if label == "utf-8" or label not in WIDE:
        try:
            text = html.decode("utf-8")
            if label == "utf-8" or not (label and html.isascii()):
                return Decoded(text, "utf-8", origin if label == "utf-8" else "detected")
        except UnicodeDecodeError:
            pass
    return (label and _decoded(html, label, origin)) or _told(html, label, origin)


def decode_text(content: bytes) -> Decoded:
    """Decode a text by its byte-order mark, as UTF-8, or by a detected encoding. Bytes that do not fit become
    U+FFFD."""
    marked = next((encoding for mark, encoding in MARKS if content.startswith(mark)), None)
    if not marked and (shown := utf_16(content) or utf_32(content) or escaped(content)):
        return Decoded(content.decode(shown, "replace"), _name(shown), "detected")
    try:
        text = content.decode(marked or "utf-8")
        return Decoded(text, _name(marked or "utf-8"), "bom" if marked else "utf-8")
    except UnicodeDecodeError:
        return _told(content)


def text_of(field: bytes) -> Decoded | None:
    """The characters of a field that should be UTF-8; None where it is not, and holds too little to tell its encoding
    by, or is no text, such as an image."""
    try:
        return Decoded(field.decode(), "utf-8", "utf-8")
    except UnicodeDecodeError:
        if len(field) - len(field.translate(None, BEYOND_ASCII)) < EVIDENCE:
            return None
    decoded = decode_text(field)
    no_text = len(CONTROL.findall(decoded.text)) + decoded.text.count("\ufffd")
    return None if no_text > MOST_CONTROL * len(decoded.text) else decoded


def is_lost(text: str) -> bool:
    """Whether a text is none: it holds more U+FFFD than letters, or starts with as many control characters as data that
    are compressed."""
    lost, start = text.count("\ufffd"), text[:SHOWN]
    if lost > 0 and lost > sum(map(str.isalpha, text)):
        return True
    return len(start) >= EVIDENCE and len(CONTROL.findall(start)) > MOST_CONTROL * len(start)


def _stated(html: bytes, declared: str | None) -> tuple[str | None, Origin]:
    """Returns the encoding that is stated, in Python's name, and what states it."""
    if marked := next((encoding for mark, encoding in HTML_MARKS if html.startswith(mark)), None):
        return marked, "bom"
    if served := declared and map_encoding_to_html5(declared, fallback_utf8=False):
        return codec(served), "header"
    if meta := META.search(html, 0, META_BYTES):
        stated = map_encoding_to_html5((meta[1] or meta[2]).decode("ascii", "replace"), fallback_utf8=False)
        if stated:
            # A page whose meta element could be read byte by byte is not in UTF-16 (HTML standard, 13.2.3.2).
            return "utf-8" if stated.startswith("utf-16") else codec(stated), "meta"
    return None, "detected"


def _decoded(content: bytes, charset: str, origin: Origin, errors: str = "strict") -> Decoded | None:
    try:
        return Decoded(content.decode(charset, errors), _name(charset), origin)
    except (UnicodeError, LookupError):
        return None


def _told(content: bytes, label: str | None = None, origin: Origin = "detected") -> Decoded:
    """Decodes by the detected encoding, or by the label if it loses few characters, and no more than the other."""
    charset = guess(content)
    text = content.decode(charset, "replace")
    if label and _name(label) == _name(charset):
        return Decoded(text, _name(charset), origin)
    labelled = _decoded(content, label, origin, "replace") if label else None
    if labelled:
        lost = labelled.text.count("\ufffd")
        beyond = len(labelled.text) - len(labelled.text.encode("ascii", "ignore"))
        if lost * FEW < beyond and lost <= text.count("\ufffd"):
            return labelled
    return Decoded(text, _name(charset), "detected")


def _name(charset: str) -> str:
    """Returns one name for all names of an encoding: `utf-8` for `UTF8` and `utf-8-sig`."""
    try:
        return codecs.lookup(charset).name.removesuffix("-sig")
    except LookupError:
        return charset
