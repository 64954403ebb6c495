"""Extracts the main text of a page, or all its text: reads the page into blocks, chooses among them, writes them."""

from typing import NamedTuple

import numpy as np

from massivetext.filters.html.choice import new_choice
from massivetext.filters.html.choose import choose
from massivetext.filters.html.comments import keep_comments
from massivetext.filters.html.formulas import with_formulas
from massivetext.filters.html.markdown import write_markdown
from massivetext.filters.html.markdown_escape import escaped
from massivetext.filters.html.page import (
    BLOCKS,
    JOINED,
    OUT,
    SCRIPTLESS,
    TITLE_END,
    TITLE_START,
    UNREAD,
    Page,
    new_page,
)
from massivetext.filters.html.scripts import held_by_scripts
from massivetext.filters.html.style import PLAIN, Style
from massivetext.filters.html.tokens import read_page
from massivetext.filters.html.write import MOST_ADDED, write

LITTLE = 1000  # bytes: a page with less text may hold its text in noscript elements or scripts
MESSAGE = 300  # bytes: shorter noscript text only asks the visitor to turn scripts on


class MainText(NamedTuple):
    """A page's title (None if it has none) and its text (empty if it has none)."""

    title: str | None
    text: str


def main_text(html: bytes, style: Style = PLAIN) -> MainText:
    """The title and main text of a page in UTF-8. Blank lines separate paragraphs, list items are lines with a
    bullet or number, code is verbatim, tables are written row by row.

    The time is linear in the page's size, whatever the page holds; the memory is at most some 40 times its size.
    """
    page = _read(html)
    article, parts = new_choice(page), new_choice(page)
    chosen = article if choose(page, article, parts, style.authors) else parts
    if style.comments:
        keep_comments(page, chosen, new_choice(page), style.authors)
    text = _written(page, chosen.kept, style)
    if len(text) < LITTLE:
        held = held_by_scripts(html, text)
        if len(held) > len(text):
            text = (
                "\n\n".join("\n".join(escaped(each)) for each in held.split("\n\n"))
                if style.markdown
                else held
            )
    title = page.text[page.open[TITLE_START] : page.open[TITLE_END]].tobytes().decode("utf-8", "replace")
    return MainText(title or None, text)


def whole_text(html: bytes, style: Style = PLAIN) -> str:
    """All the text of a page in UTF-8, in the format of `main_text`: for pages without chrome, such as chapters."""
    page = _read(html)
    return _written(page, page.kinds[: page.open[BLOCKS]] != JOINED, style)


def _read(html: bytes) -> Page:
    """Reads a page. If noscript elements hold most of its text, reads it again as a browser without scripts does."""
    html = with_formulas(html)
    page = new_page(html)
    read_page(page, len(html))
    if page.open[UNREAD] > MESSAGE and page.open[OUT] < min(LITTLE, page.open[UNREAD]):
        page = new_page(html)
        page.open[SCRIPTLESS] = 1
        read_page(page, len(html))
    return page


def _written(page: Page, kept: np.ndarray, style: Style) -> str:
    if style.markdown:
        return write_markdown(page, kept)
    blocks = int(page.open[BLOCKS])
    sizes = (page.stops[:blocks] - page.starts[:blocks])[kept]
    written = np.empty(int(sizes.sum()) + MOST_ADDED * len(sizes), np.uint8)
    size = write(page, kept, written)
    return written[:size].tobytes().decode("utf-8", "replace")
