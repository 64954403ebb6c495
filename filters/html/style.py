"""How the text of a page is written, and what of the page is text beside its main content."""

from typing import NamedTuple


class Style(NamedTuple):
    """How a page's text is written, and which of its parts are text."""

    markdown: bool = False
    """Whether the text is Markdown. Else it is plain: list items have a bullet or number, cells stand between bars."""
    comments: bool = False
    """Whether the comments of readers on an article, or on answers to a question, are text."""
    authors: bool = True
    """Whether the names of the authors of posts are text."""


PLAIN = Style()
