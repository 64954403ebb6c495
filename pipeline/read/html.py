"""HTML to text: the characters of a page, then its main content with the paragraphs and lists kept."""

from typing import NamedTuple

from resiliparse.parse.html import HTMLTree

from pipeline.read.charset import decode_page
from pipeline.read.html_blocks import ITEM, ROW, Block, read_blocks
from pipeline.read.html_main import main_blocks

DEEPEST = 8  # levels that list items are indented by


class Page(NamedTuple):
    """A page's title, if it has one, and its text, empty where nothing of it is text."""

    title: str | None
    text: str


def decode(html: bytes, declared: str | None = None) -> str:
    """The page's characters, see `pipeline.read.charset.decode_page`."""
    return decode_page(html, declared).text


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
