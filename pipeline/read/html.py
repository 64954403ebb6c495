"""HTML to text: the characters of a page, then its main content with the paragraphs and lists kept."""

import codecs
import re
from typing import NamedTuple

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5
from resiliparse.parse.html import HTMLTree

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# The extractor takes a list less than four levels below the body for navigation (resiliparse 2.0).
LIST_TAG = re.compile(r"<ul\b|</ul\s*>", re.IGNORECASE)
DEEPER, BACK = "<div>" * 3, "</div>" * 3

# The extractor looks at every ancestor of a div or article: the sum of their depths bounds its time
# (10^8 take about 4 s). Real pages stay below 10^6.
NESTING = re.compile(r"<(/?)(?:div|article)\b", re.IGNORECASE)
MAX_NESTING = 100_000_000
FEW_TAGS = 10_000  # cannot reach it


class Page(NamedTuple):
    """A page's title, if it has one, and its text, empty where nothing of it is text."""

    title: str | None
    text: str


class NestingError(ValueError):
    """A page nested so deeply that extracting its text would take minutes."""


def decode(html: bytes, declared: str | None = None) -> str:
    """The page's characters.

    The encoding is that of the byte-order mark, else the one `declared` by the server, else the page's meta
    element's, else detected. If bytes do not fit it, it is detected, with U+FFFD for what still does not fit.
    """
    marked = next((encoding for mark, encoding in BYTE_ORDER_MARKS if html.startswith(mark)), None)
    served = map_encoding_to_html5(declared, fallback_utf8=False) if declared else None
    try:
        return html.decode(marked or served or detect_encoding(html, from_html_meta=True) or "utf-8")
    except (UnicodeError, LookupError):
        return html.decode(detect_encoding(html) or "utf-8", "replace")


def extract(html: str) -> Page:
    """Title and main text: paragraphs between blank lines, list items as lines with a bullet, code verbatim.

    Raises NestingError.
    """
    html = LIST_TAG.sub(lambda tag: tag[0] + BACK if tag[0][1] == "/" else DEEPER + tag[0], html)
    _check_nesting(html)
    tree = HTMLTree.parse(html)
    text = extract_plain_text(
        tree, main_content=True, preserve_formatting=True, list_bullets=True, alt_texts=False
    )
    return Page(tree.title or None, text)


def _check_nesting(html: str) -> None:
    if html.count("<") < FEW_TAGS:
        return
    depth = total = 0
    for tag in NESTING.finditer(html):
        depth = max(depth + (-1 if tag[1] else 1), 0)
        total += depth
        if total > MAX_NESTING:
            raise NestingError(f"HTML nested too deeply to extract its text in time (depth {depth} and more)")
