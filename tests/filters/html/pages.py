"""A page to change: running text, and how its main text is read."""

from massivetext.filters.html.main_text import main_text

SENTENCE = "A sentence of some length, which is long enough to be taken for running text of the page."
BODY = [f"{SENTENCE} It is number {number}." for number in range(8)]
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in BODY)
TITLE = "<title>What Came of It — A Paper</title>"


def text(html: str) -> list[str]:
    """The main text of a page, by blocks."""
    return main_text(html.encode()).text.split("\n\n")
