"""A page's body as blocks of text and the elements that hold them, in one pass over its markup.

The markup is that of a parsed tree, written out again: every element is closed and every attribute quoted, so
regular expressions can read it, in linear time however deep elements are nested.
"""

import re
from array import array
from dataclasses import dataclass, field

from pipeline.read.html_signs import signs

_NO_TEXT = re.compile(
    r"<(script|style|noscript|template|svg|iframe|select|button|textarea|object|audio|video|canvas|map|nav"
    r"|datalist)(?=[\s>])[^>]*+>[^<]*+(?:<(?!/\1>)[^<]*+)*+</\1>|<!--.*?-->",
    re.DOTALL,
)
_TOKEN = re.compile(r'<(/?)([a-z][^\s>]*+)((?: =?[^\s=>]*+="[^"]*+")*+)>([^<]*+)')
BLOCK_TAGS = frozenset(
    """
    address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup legend li listing main menu ol p pre search section summary
    table tbody td tfoot th thead tr ul
    """.split()  # noqa: SIM905
)
_BREAK = "\x1e"  # stands for a line break in text whose white space is still to be folded
CELL = 500  # bytes: a table's cell with more text, or with lists, is a piece of the page's layout
CELL_BLOCKS = 8

PARAGRAPH, ITEM, HEADING, CODE, ROW = range(5)


@dataclass(slots=True)
class Block:
    """A paragraph, list item, heading, piece of code or table row."""

    text: str
    kind: int
    element: int  # the innermost one that holds it
    size: int  # bytes: the signs of scripts that say more with each are longer
    linked: float  # the share of the text that is links
    level: int = 0  # of a heading; how deep a list item is nested


@dataclass(frozen=True)
class Elements:
    """The elements that hold blocks, in the order in which they start; the first is the body."""

    parent: "array[int]" = field(default_factory=lambda: array("l", [-1]))  # numbered lower than its children
    tag: list[str] = field(default_factory=lambda: ["body"])
    signs: "array[int]" = field(default_factory=lambda: array("l", [0]))  # as pipeline.read.html_signs finds

    def sums(self, blocks: list[Block], values: list[float]) -> list[float]:
        """The sum of the blocks' values in each element, with all that it holds."""
        sums = [0.0] * len(self.tag)
        for block, value in zip(blocks, values, strict=True):
            sums[block.element] += value
        for number in range(len(sums) - 1, 0, -1):
            sums[self.parent[number]] += sums[number]
        return sums

    def end(self, root: int) -> int:
        """The number after those of all elements within one."""
        end = root + 1
        while end < len(self.parent) and self.parent[end] >= root:
            end += 1
        return end


def read_blocks(markup: str) -> tuple[list[Block], Elements]:
    """The blocks of a body's markup, in the order of the page."""
    reader = _Reader()
    for closing, tag, attributes, text in _TOKEN.findall(_NO_TEXT.sub("", markup)):
        if tag in BLOCK_TAGS:
            if closing:
                reader.close(tag)
            else:
                reader.open(tag, attributes)
        elif tag == "br":
            reader.parts.append(_BREAK)
        elif tag == "a":
            reader.link(bool(closing))
        if text and (reader.parts or reader.preformatted or not text.isspace()):
            reader.parts.append(text)
    reader.flush()
    return reader.blocks, reader.elements


class _Reader:
    """What is open at a position in the markup, and the blocks before it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.elements = Elements()
        self.current = 0
        self.parts: list[str] = []  # of the block that is being read
        self.linked = 0  # characters of parts in links that are closed
        self.link_start = -1  # the part that an open link starts with
        self.lists = 0
        self.preformatted = 0
        self.item = False  # whether the next block is a list item's first
        self.cells: list[list[Block]] = []  # for each open row
        self.cell_starts: list[int] = []  # for each open cell, its first block

    def open(self, tag: str, attributes: str) -> None:
        self.flush()
        self.elements.parent.append(self.current)
        self.current = len(self.elements.tag)
        self.elements.tag.append(tag)
        self.elements.signs.append(signs(tag, attributes))
        if tag == "li":
            self.item = True
        elif tag == "ul" or tag == "ol":
            self.lists += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag == "tr":
            self.end_outer_row()
            self.cells.append([])
        elif tag == "td" or tag == "th":
            self.cell_starts.append(len(self.blocks))

    def close(self, tag: str) -> None:
        self.flush()
        if tag == "li":
            self.item = False
        elif tag == "ul" or tag == "ol":
            self.lists -= 1
        elif tag == "pre":
            self.preformatted -= 1
        elif tag == "tr" and self.cells:
            self.end_row(self.cells.pop(), len(self.blocks))
        elif (tag == "td" or tag == "th") and self.cell_starts and self.cells:
            self.end_cell(self.cell_starts.pop())
        self.current = max(self.elements.parent[self.current], 0)

    def link(self, closing: bool) -> None:
        if self.link_start >= 0:
            self.linked += sum(map(len, self.parts[self.link_start :]))
        self.link_start = -1 if closing else len(self.parts)

    def flush(self) -> None:
        """What was read becomes blocks."""
        if not self.parts:
            return
        if self.link_start >= 0:
            self.linked += sum(map(len, self.parts[self.link_start :]))
            self.link_start = 0
        raw = "".join(self.parts)
        linked = self.linked / len(raw)
        self.parts, self.linked = [], 0
        if "&" in raw:
            raw = (
                raw.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
            )
        if self.preformatted:
            text = raw.replace(_BREAK, "\n").strip("\n")
            if text and not text.isspace():
                self.add(text, CODE, linked)
            return
        raw = raw.replace("\xad", "")  # soft hyphens
        if _BREAK not in raw:
            if text := " ".join(raw.split()):
                self.add_text(text, linked)
            return
        lines = [" ".join(line.split()) for line in raw.split(_BREAK)]
        for paragraph in "\n".join(lines).split("\n\n"):
            if text := paragraph.strip("\n"):
                self.add_text(text, linked)

    def add_text(self, text: str, linked: float) -> None:
        tag = self.elements.tag[self.current]
        if len(tag) == 2 and tag[0] == "h":
            self.add(text, HEADING, linked, int(tag[1]))
        elif self.item and self.lists:
            self.item = False
            self.add(text, ITEM, linked, self.lists)
        else:
            self.add(text, PARAGRAPH, linked)

    def add(self, text: str, kind: int, linked: float, level: int = 0) -> None:
        size = len(text.encode("utf-8", "replace"))
        self.blocks.append(Block(text, kind, self.current, size, linked, level))

    def end_cell(self, start: int) -> None:
        """A short cell waits for the rest of its row; what a long one holds stays blocks of its own."""
        cell = self.blocks[start : start + CELL_BLOCKS]
        short = start + CELL_BLOCKS > len(self.blocks) and sum(block.size for block in cell) < CELL
        if short and all(block.kind == PARAGRAPH for block in cell):
            del self.blocks[start:]
            self.cells[-1] += cell
        else:
            self.end_row(self.cells[-1], start)
            self.cells[-1] = []

    def end_outer_row(self) -> None:
        """In a table within a cell: the cells before that one come first."""
        if self.cells and self.cell_starts:
            self.end_row(self.cells[-1], self.cell_starts[-1])
            self.cells[-1] = []

    def end_row(self, cells: list[Block], place: int) -> None:
        if len(cells) > 1:
            size = sum(cell.size for cell in cells)
            linked = sum(cell.linked * cell.size for cell in cells) / size
            text = " | ".join(cell.text.replace("\n", " ") for cell in cells)
            cells = [Block(text, ROW, self.current, size, linked)]
        self.blocks[place:place] = cells
