"""Removes Project Gutenberg's boilerplate before, after and between books."""

from collections.abc import Iterator
from typing import NamedTuple

from massivetext.pipeline.read.gutenberg_marks import (
    AUTHOR,
    BY,
    CREDIT,
    END_LINE,
    ENDS,
    HEADER,
    MENTION,
    OLD_TITLE,
    SMALL_PRINT,
    STARRED,
    STARTS,
    TITLE,
)

HEAD = 40_000  # the characters in which the text must begin; the longest legal header has some 15,000
LICENCE = 40_000  # the characters that may follow a book; the longest licence has some 20,000
UNNAMED = 2000  # characters after a book's end that are removed although they do not name Project Gutenberg
CREDITS = 4  # paragraphs at the beginning that may be credits
HEADER_PARAGRAPHS = 30


class Book(NamedTuple):
    """A book's text, and its title and author if its header names them."""

    text: str
    title: str | None
    author: str | None


Span = tuple[int, int]


def cut(text: str) -> Book:
    """Returns the book without Project Gutenberg's header, credits, footer and licence. Lines end in `\\n`.

    Of several books in one text all are kept, without the boilerplate between them. A text that does not name Project
    Gutenberg near its beginning or end is returned as it is.
    """
    if not MENTION.search(text[:HEAD]) and not MENTION.search(text[-HEAD:]):
        return Book(text, None, None)
    prints = list(_small_prints(text))
    start = _start(text, prints)
    title, author = _names(text[: start or 2000])
    body, at = [], start
    for gap_start, gap_end in sorted([*prints, *_ends(text, start)]):
        if gap_end > at:
            body.append(text[at : max(gap_start, at)])
            at = gap_end
    return Book(_without_credits("".join([*body, text[at:]])), title, author)


def _start(text: str, prints: list[Span]) -> int:
    """Returns where the header ends: at its mark, or at the end of the small print unless most of the text is before
    it."""
    for mark in STARRED.finditer(text, 0, HEAD):
        if STARTS.match(mark["said"] or mark["line"]):
            return mark.end()
    start, end = next(iter(prints), (0, 0))
    return end if end < HEAD and start < len(text) - end else 0


def _small_prints(text: str) -> Iterator[Span]:
    """Yields the legal notices of 1991 to 2003, with their marks. One without a first mark begins with the text."""
    start = 0 if (first := SMALL_PRINT.search(text)) and first[1].upper() == "END" else -1
    for mark in SMALL_PRINT.finditer(text):
        if mark[1].upper() == "START":
            start = mark.start() if start < 0 else start
        elif start >= 0:
            yield start, mark.end()
            start = -1
    if start > len(text) // 2:  # it was cut off
        yield start, len(text)


def _ends(text: str, start: int) -> Iterator[Span]:
    """Yields the ends of books: the marks, and all that follows up to the next book."""
    marks = [
        (mark, bool(STARTS.match(mark["said"] or mark["line"])))
        for mark in STARRED.finditer(text, start)
        if STARTS.match(mark["said"] or mark["line"]) or ENDS.match(mark["said"] or mark["line"])
    ]
    for number, (mark, is_start) in enumerate(marks):
        following = marks[number + 1] if number + 1 < len(marks) else None
        if is_start or (following and not following[1]):
            yield mark.span()
        else:
            yield mark.start(), following[0].start() if following else len(text)
    lines = list(END_LINE.finditer(text, start))
    yield from (line.span() for line in lines)
    if lines and not any(not is_start for _, is_start in marks):
        rest = text[lines[-1].end() :]
        if len(rest) < LICENCE and (MENTION.search(rest) or SMALL_PRINT.search(rest) or len(rest) < UNNAMED):
            yield lines[-1].start(), len(text)


def _without_credits(body: str) -> str:
    """Returns the text from its first paragraph that is neither a header nor a credit."""
    body = body.strip("\n")
    if HEADER.match(body):
        paragraphs = body.split("\n\n", HEADER_PARAGRAPHS)
        while len(paragraphs) > 1 and (not paragraphs[0].strip() or HEADER.match(paragraphs[0].strip("\n"))):
            del paragraphs[0]
        body = "\n\n".join(paragraphs).strip("\n")
    paragraphs = body.split("\n\n", CREDITS)
    while len(paragraphs) > 1 and (not paragraphs[0].strip() or CREDIT.match(paragraphs[0].strip())):
        del paragraphs[0]
    return "\n\n".join(paragraphs).strip("\n")


def _names(header: str) -> tuple[str | None, str | None]:
    title, author = TITLE.search(header), AUTHOR.search(header)
    if title:
        return " ".join(title[1].split()), author[1].strip() if author else None
    old = OLD_TITLE.search(header)
    name, *by = BY.split(old[1].rstrip(" \t*"), 1) if old else [""]
    return name.strip() or None, by[0] if by else None
