"""The main text of a page, or all of it: its markup read into blocks, the main ones chosen and written."""

from typing import NamedTuple

import numpy as np

from massivetext.filters.html.choice import new_choice
from massivetext.filters.html.choose import choose
from massivetext.filters.html.formulas import with_formulas
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
from massivetext.filters.html.tokens import read_page
from massivetext.filters.html.write import MOST_ADDED, write

LITTLE = 1000  # bytes of text: a page with less may hold it elsewhere
MESSAGE = 300  # bytes of noscript: what is shorter asks for scripts


class MainText(NamedTuple):
    """A page's title, if it has one, and its text, empty where nothing of it is text."""

    title: str | None
    text: str


def main_text(html: bytes) -> MainText:
    """Title and main text of a page in UTF-8: paragraphs between blank lines, list items as lines with a
    bullet, code verbatim, tables row by row.

    Time is linear in the page, whatever it holds; memory at most some 40 times its size.
    """
    page = _read(html)
    article, parts = new_choice(page), new_choice(page)
    kept = article.kept if choose(page, article, parts) else parts.kept
    text = _written(page, kept)
    if len(text) < LITTLE:
        text = max(text, held_by_scripts(html, text), key=len)
    title = page.text[page.open[TITLE_START] : page.open[TITLE_END]].tobytes().decode("utf-8", "replace")
    return MainText(title or None, text)


def whole_text(html: bytes) -> str:
    """The text of a page in UTF-8 that is all main content, such as a book's chapter; else as `main_text`."""
    page = _read(html)
    return _written(page, page.kinds[: page.open[BLOCKS]] != JOINED)


def _read(html: bytes) -> Page:
    """A page; with what it shows to browsers that run no scripts, where that is most of what it holds."""
    html = with_formulas(html)
    page = new_page(html)
    read_page(page, len(html))
    if page.open[UNREAD] > MESSAGE and page.open[OUT] < min(LITTLE, page.open[UNREAD]):
        page = new_page(html)
        page.open[SCRIPTLESS] = 1
        read_page(page, len(html))
    return page


def _written(page: Page, kept: np.ndarray) -> str:
    blocks = int(page.open[BLOCKS])
    sizes = (page.stops[:blocks] - page.starts[:blocks])[kept]
    written = np.empty(int(sizes.sum()) + MOST_ADDED * len(sizes), np.uint8)
    size = write(page, kept, written)
    return written[:size].tobytes().decode("utf-8", "replace")
