"""A page to change: running text, and how its main text is read."""

from massivetext.filters.html.choice import new_choice, weigh_all
from massivetext.filters.html.dialogs import leave_out_dialogs
from massivetext.filters.html.main_text import main_text
from massivetext.filters.html.page import new_page
from massivetext.filters.html.parts import keep_parts
from massivetext.filters.html.tokens import read_page

SENTENCE = "A sentence of some length, which is long enough to be taken for running text of the page."
BODY = [f"{SENTENCE} It is number {number}." for number in range(8)]
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in BODY)
TITLE = "<title>What Came of It — A Paper</title>"


def text(html: str) -> list[str]:
    """The main text of a page, by blocks."""
    return main_text(html.encode()).text.split("\n\n")


def parts(html: str) -> list[str]:
    """The text of a page of parts, by blocks."""
    page = new_page(html.encode())
    read_page(page, len(html.encode()))
    choice = new_choice(page)
    weigh_all(page, choice)
    leave_out_dialogs(page, choice)
    keep_parts(page, choice)
    return [
        page.text[page.starts[block] : page.stops[block]].tobytes().decode()
        for block in range(len(choice.kept))
        if choice.kept[block]
    ]
