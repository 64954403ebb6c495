"""HTML to text: the characters of a page, then its main content with the paragraphs and lists kept."""

import codecs
from typing import NamedTuple

from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5
from resiliparse.parse.html import HTMLTree

from pipeline.read.html_blocks import ITEM, ROW, Block, read_blocks
from pipeline.read.html_main import main_blocks

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

DEEPEST = 8  # levels that list items are indented by


class Page(NamedTuple):
    """A page's title, if it has one, and its text, empty where nothing of it is text."""

    title: str | None
    text: str


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
    """Title and main text: paragraphs between blank lines, list items as lines with a bullet, code verbatim,
    tables row by row."""
    tree = HTMLTree.parse(html)
    body = tree.body
    blocks, elements = read_blocks(body.html if body else "")
    return Page(tree.title or None, _write(main_blocks(blocks, elements)))


def _write(blocks: list[Block]) -> str:
    pieces: list[str] = []
    before = None
    for block in blocks:
        joined = before in (ITEM, ROW) and block.kind == before
        if pieces:
            pieces.append("\n" if joined else "\n\n")
        if block.kind == ITEM:
            pieces.append("  " * min(block.level - 1, DEEPEST) + "• ")
        pieces.append(block.text)
        before = block.kind
    return "".join(pieces)
