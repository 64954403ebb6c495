"""HTML to text: the main text of a page, or all of it."""

from massivetext.filters.html.main_text import MainText, main_text, whole_text
from massivetext.filters.html.style import PLAIN, Style
from massivetext.pipeline.read.settings import Pages

# Time is linear in a page, and the worst that is known takes 0.2 s a megabyte: this takes no longer than 5 s,
# on any machine the same.
MOST_BYTES = 16 << 20


class LongPageError(ValueError):
    """A page has more bytes than are read."""


def style_of(pages: Pages) -> Style:
    """The style in which the configuration asks for the texts of pages."""
    return Style(pages.markdown, pages.comments == "keep", pages.authors == "keep")


def extract(html: str, style: Style = PLAIN) -> MainText:
    """Returns the title and the main text of a page. Raises LongPageError for more than MOST_BYTES in UTF-8."""
    return main_text(_encoded(html), style)


def extract_all(html: str, style: Style = PLAIN) -> str:
    """Returns the whole text of a page that has nothing but main content. Raises LongPageError like `extract`."""
    return whole_text(_encoded(html), style)


def _encoded(html: str) -> bytes:
    encoded = html.encode("utf-8", "replace")
    if len(encoded) > MOST_BYTES:
        raise LongPageError(f"page of {len(encoded)} bytes, over the limit of {MOST_BYTES} for HTML")
    return encoded
