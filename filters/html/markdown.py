"""Writes the chosen blocks as Markdown: CommonMark, with the tables of GitHub and the definition lists of PHP Markdown
Extra. Links are text. Formulas stay as they are, between `\\(` and `\\)` or `$$`.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from massivetext.filters.html.code_language import language
from massivetext.filters.html.markdown_escape import escaped, escaped_line
from massivetext.filters.html.page import (
    BLOCKS,
    CODE,
    ELEMENTS,
    GAP,
    HEADING,
    ITEM,
    JOINED,
    PARAGRAPH,
    ROW,
    Page,
)
from massivetext.filters.html.tags import BLOCKQUOTE, CELLS, DD, DT, ITEMS, LIST_TAGS, OL, TABLE, TR

DEEPEST = (
    12  # quotes, items and definitions that are written around each other; deeper ones are part of the last
)
BULLETS, DELIMITERS = "-*", ".)"  # two lists in a row differ in these, so that they do not become one
QUOTE, DEFINITION = "> ", ":   "


class Opened(NamedTuple):
    """An open quote, list item or definition: its element, and what its first and its other lines start with."""

    element: int
    first: str
    other: str
    list: int  # the element of the item's list
    style: int  # which of the two bullets or delimiters its list has


def write_markdown(page: Page, kept: np.ndarray) -> str:
    """The kept blocks as Markdown."""
    return Writer(page, kept).written()


class Writer:
    """Writes blocks in their order, and remembers which quotes, list items and definitions are open."""

    def __init__(self, page: Page, kept: np.ndarray) -> None:
        elements, blocks = int(page.open[ELEMENTS]), int(page.open[BLOCKS])
        self._page = page
        self._blocks = np.flatnonzero(kept).tolist()
        self._tags, self._parents = page.tags[:elements].tolist(), page.parents[:elements].tolist()
        self._ends, self._orders = page.ends[:elements].tolist(), page.orders[:elements].tolist()
        self._marks = page.marks[:elements].tolist()
        self._kinds, self._levels = page.kinds[:blocks].tolist(), page.levels[:blocks].tolist()
        self._of_block = page.elements[:blocks].tolist()
        self._starts, self._stops = page.starts[:blocks].tolist(), page.stops[:blocks].tolist()
        self._around, self._depths = self._find_around()
        self._open: list[Opened] = []
        self._closed: Opened | None = None  # the outermost of those that the last block has closed
        self._last = -1  # the last block that was written
        self._pieces: list[str] = []

    def written(self) -> str:
        """All blocks."""
        place = 0
        while place < len(self._blocks):
            rows = self._table(place)
            if len(rows) > 0:
                self._write(self._blocks[place], self._of_table(rows))
                place += len(rows)
            else:
                self._write(self._blocks[place], self._lines(place))
                place += 1
            self._last = self._blocks[place - 1]
        return "".join(self._pieces)

    def _find_around(self) -> tuple[list[int], list[int]]:
        """By element: the innermost quote, item or definition that it is or stands in, 0 for none; and how many of them
        are around it.
        """
        around, depths = [0] * len(self._tags), [0] * len(self._tags)
        for number in range(1, len(self._tags)):
            above, tag = self._parents[number], self._tags[number]
            around[number], depths[number] = around[above], depths[above]
            if (tag in (BLOCKQUOTE, DD) or _is_in(tag, ITEMS)) and depths[above] < DEEPEST:
                around[number], depths[number] = number, depths[above] + 1
        return around, depths

    def _path(self, block: int) -> list[int]:
        """The quotes, items and definitions around a block, from the outermost on."""
        path, number = [], self._around[self._of_block[block]]
        while number > 0:
            path.append(number)
            number = self._around[self._parents[number]]
        return path[::-1]

    def _write(self, block: int, lines: list[str]) -> None:
        """Writes a block's lines behind the marks of what is open around it."""
        path = self._path(block)
        same = 0
        while same < min(len(path), len(self._open)) and path[same] == self._open[same].element:
            same += 1
        closed = self._open[same:]
        opened: list[Opened] = []
        for number in path[same:]:
            beside = closed[0] if closed and not opened else None
            if (found := self._opened(number, beside)) is not None:
                opened.append(found)
        inner = "".join(each.other for each in self._open[:same])
        if self._pieces:
            self._pieces.append("\n")
            if not self._is_tight(block, closed, opened):
                self._pieces.append(inner.rstrip() + "\n")
        self._open = [*self._open[:same], *opened]
        before = "".join(each.other for each in self._open)
        first = inner + "".join(each.first for each in opened)
        self._pieces.append(first + lines[0])
        for line in lines[1:]:
            self._pieces.append("\n" + (before + line if line else before.rstrip()))

    def _opened(self, number: int, beside: Opened | None) -> Opened | None:
        """The quote, item or definition that starts; `beside` is the one that ends before it. None for a definition
        without a term, whose text is no definition in Markdown.
        """
        if self._tags[number] == BLOCKQUOTE:
            return Opened(number, QUOTE, QUOTE, 0, 0)
        if self._tags[number] == DD:
            last = self._last >= 0 and self._of_block[self._last]
            follows = self._is_term(self._last, number) or (beside and self._tags[beside.element] == DD)
            return Opened(number, DEFINITION, " " * 4, 0, 0) if last and follows else None
        above, style = self._parents[number], 0
        if beside and beside.list:
            style = beside.style if beside.list == above else 1 - beside.style
        order = self._orders[number] if self._tags[above] == OL else -1
        mark = f"{order}{DELIMITERS[style]} " if order >= 0 else f"{BULLETS[style]} "
        return Opened(number, mark, " " * len(mark), above, style)

    def _is_term(self, block: int, definition: int) -> bool:
        """Whether a block is the term that a definition explains."""
        if block < 0 or self._kinds[block] not in (PARAGRAPH, ITEM):
            return False
        number, above = self._of_block[block], self._around[self._parents[definition]]
        while number > 0 and self._tags[number] != DT:
            number = self._parents[number]
        return bool(number > 0 and self._around[number] == above)

    def _is_tight(self, block: int, closed: list[Opened], opened: list[Opened]) -> bool:
        """Whether no blank line comes before a block: between the items of lists, and between terms and definitions."""
        if not opened:
            return False
        if self._tags[opened[0].element] == DD:
            return not closed
        items = all(each.list for each in (*closed, *opened))
        if not items or self._kinds[block] != ITEM or self._kinds[self._last] != ITEM:
            return False
        is_same = bool(closed) and closed[0].list == opened[0].list
        return is_same or opened[0].first[0] in BULLETS or opened[0].first in ("1. ", "1) ")

    def _text(self, start: int, stop: int) -> str:
        return self._page.text[start:stop].tobytes().decode("utf-8", "replace")

    def _lines(self, place: int) -> list[str]:
        block = self._blocks[place]
        kind, text = self._kinds[block], self._text(self._starts[block], self._stops[block])
        if kind == CODE:
            return self._fenced(block, text)
        if kind == HEADING:
            text = text.removesuffix("¶").rstrip() or text
            return [f"{'#' * self._levels[block]} {escaped_line(text.replace(chr(10), ' '), heading=True)}"]
        following = self._blocks[place + 1] if place + 1 < len(self._blocks) else -1
        if following >= 0 and self._tags[self._around[self._of_block[following]]] == DD:
            text = text.replace("\n", " ") if self._is_before(block, following) else text
        return escaped(text)

    def _is_before(self, block: int, following: int) -> bool:
        return self._is_term(block, self._around[self._of_block[following]])

    def _fenced(self, block: int, text: str) -> list[str]:
        longest = run = 0
        for sign in text if "```" in text else "":
            run = run + 1 if sign == "`" else 0
            longest = max(longest, run)
        fence = "`" * max(3, longest + 1)
        return [fence + language(self._page, self._of_block[block]), *text.split("\n"), fence]

    # Tables: rows that follow each other in one table.

    def _row(self, place: int) -> int:
        """The row that a block is the whole of; 0 if it is none."""
        block = self._blocks[place]
        number: int = self._of_block[block]
        if self._kinds[block] == ROW:
            return number
        if self._kinds[block] != PARAGRAPH:
            return 0
        while number > 0 and not _is_in(self._tags[number], CELLS):
            if self._tags[number] in (BLOCKQUOTE, DD, TABLE) or _is_in(self._tags[number], ITEMS | LIST_TAGS):
                return 0
            number = self._parents[number]
        row = self._parents[number] if number > 0 else 0
        if row <= 0 or self._tags[row] != TR:
            return 0
        beside = (self._blocks[other] for other in (place - 1, place + 1) if 0 <= other < len(self._blocks))
        return 0 if any(row <= self._of_block[other] < self._ends[row] for other in beside) else row

    def _table_of(self, row: int) -> int:
        while row > 0 and self._tags[row] != TABLE:
            row = self._parents[row]
        return row

    def _table(self, place: int) -> list[tuple[int, int]]:
        """The rows of the table that starts at a place, each with its block; none if no row of several cells starts."""
        if self._kinds[self._blocks[place]] != ROW:
            return []
        rows: list[tuple[int, int]] = []
        table = self._table_of(self._of_block[self._blocks[place]])
        while place < len(self._blocks) and (row := self._row(place)) and self._table_of(row) == table:
            rows.append((row, self._blocks[place]))
            place += 1
        return rows

    def _of_table(self, rows: list[tuple[int, int]]) -> list[str]:
        cells = [list(self._cells(row, block)) for row, block in rows]
        width = max(map(len, cells))
        lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in cells]
        return [lines[0], "|" + " --- |" * width, *lines[1:]]

    def _cells(self, row: int, block: int) -> Iterator[str]:
        """The texts of a row's cells, also of the empty ones."""
        stop = block + 1
        while stop < len(self._kinds) and self._kinds[stop] == JOINED:
            stop += 1
        numbers = []
        number = row + 1
        while number < self._ends[row]:
            if _is_in(self._tags[number], CELLS):
                numbers.append(number)
            number = self._ends[number]
        for place, number in enumerate(numbers):
            first = max(self._marks[number], block)
            last = min(self._marks[numbers[place + 1]] if place + 1 < len(numbers) else stop, stop)
            ends = [
                self._starts[each + 1] - GAP if each + 1 < stop else self._stops[block]
                for each in range(first, last)
            ]
            texts = [
                self._text(self._starts[each], end)
                for each, end in zip(range(first, last), ends, strict=True)
            ]
            yield " ".join(escaped_line(" ".join(text.split()), cell=True) for text in texts)


def _is_in(tag: int, tags: np.uint64) -> bool:
    return bool(int(tags) >> tag & 1)
