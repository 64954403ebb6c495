"""HTML to text: the characters of a page, then its main text."""

from filters.html.main_text import MainText, main_text
from pipeline.read.charset import decode_page


def decode(html: bytes, declared: str | None = None) -> str:
    """The page's characters, see `pipeline.read.charset.decode_page`."""
    return decode_page(html, declared).text


def extract(html: str) -> MainText:
    """Title and main text of a page."""
    return main_text(html.encode("utf-8", "replace"))
