"""Finds elements in the text of a page, before the page is read into a tree."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple


class Element(NamedTuple):
    """An element text[start:end]: the attributes in its start tag, and its content."""

    start: int
    end: int
    attributes: str
    content: str


def elements(text: str, name: str) -> Iterator[Element]:
    """The elements with a name, which may have a prefix (`m:math`). An element within another one is not found.

    The search is linear in the text: an element without an end tag ends it.
    """
    start_tag = re.compile(rf"<(?:\w{{1,8}}:)?{name}(?=[\s>/])", re.I)
    end_tag = re.compile(rf"</(?:\w{{1,8}}:)?{name}\s*>", re.I)
    place = 0
    while (start := start_tag.search(text, place)) and (closed := text.find(">", start.end())) >= 0:
        if text[closed - 1] == "/":
            place = closed + 1
            continue
        end = end_tag.search(text, closed)
        if end is None:
            return
        yield Element(start.start(), end.end(), text[start.end() : closed], text[closed + 1 : end.start()])
        place = end.end()


def replace(text: str, name: str, written: Callable[[Element], str | None]) -> str:
    """The text with each element of a name replaced by what `written` returns for it; one with None stays as it is."""
    kept, place = [], 0
    for element in elements(text, name):
        if (by := written(element)) is not None:
            kept += [text[place : element.start], by]
            place = element.end
    return "".join(kept) + text[place:]


def end_of(text: str, name: str, start: int) -> int:
    """The place after the end tag of an element whose content starts at `start`; -1 if the element is not closed."""
    depth = 1
    for tag in re.compile(rf"<(/?){name}(?=[\s>])", re.I).finditer(text, start):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return text.find(">", tag.end()) + 1
    return -1
