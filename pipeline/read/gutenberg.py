"""Project Gutenberg's boilerplate: what stands before and after a book, in the forms used since 1991."""

import re
from typing import NamedTuple

HEAD = 40_000  # characters in which the text must begin; the longest legal header takes some 15,000
MENTION = re.compile(r"project gutenberg", re.IGNORECASE)
START = re.compile(
    r"^[ \t]*\*\*\* ?START OF (?:THE|THIS)(?: COPYRIGHTED)? PROJECT GUTENBERG[^*]*\*\*\*.*$",
    re.IGNORECASE | re.MULTILINE,
)
SMALL_PRINT_END = re.compile(r"^.*\*END[* ]*THE SMALL PRINT.*$", re.IGNORECASE | re.MULTILINE)  # 1991 to 2003
END = re.compile(
    r"^[ \t]*\*\*\* ?END OF (?:THE|THIS)(?: COPYRIGHTED)? PROJECT GUTENBERG"
    r"|^[ \t*]*(?:(?:This is the )?End of (?:the |this )?|Ende diese[rs]? |Fin de )Proje[ck]t Gutenberg"
    r"|^.*\*START[* ]*THE SMALL PRINT",
    re.IGNORECASE | re.MULTILINE,
)
CREDIT = re.compile(
    r"(?:This (?:e-?text|e-?book|file) was )?(?:produced|transcribed|scanned|prepared|created) by"
    r"|(?:e-?text|e-?book|html version|updated editions?) (?:was )?(?:prepared|produced|transcribed|scanned)"
    r"|produced from (?:images|page)|\[?transcriber's note",
    re.IGNORECASE,
)
CREDITS = 4  # paragraphs at the beginning that may be credits
TITLE = re.compile(r"^Title:[ \t]*(\S.*(?:\n[ \t]+\S.*)*)$", re.MULTILINE)
AUTHOR = re.compile(r"^Author:[ \t]*(\S.*)$", re.MULTILINE)
OLD_TITLE = re.compile(
    r"project gutenberg(?:'s)? (?:e-?text|e-?book)(?: of|,)? (.{1,400})$",
    re.IGNORECASE | re.MULTILINE,
)
BY = re.compile(r",? by (?=.)", re.IGNORECASE)


class Book(NamedTuple):
    """A book's text, and its title and author where its header names them."""

    text: str
    title: str | None
    author: str | None


def cut(text: str) -> Book:
    """The book without Project Gutenberg's header, credits, footer and licence. Lines end in `\\n`.

    A text in which Project Gutenberg is not named near the beginning or the end is returned as it is.
    """
    head = text[:HEAD]
    if not MENTION.search(head) and not MENTION.search(text[-HEAD:]):
        return Book(text, None, None)
    # Where both stand in a text, the small print was moved behind it.
    header = START.search(head) or SMALL_PRINT_END.search(head)
    start = header.end() if header else 0
    end = END.search(text, start)
    body = text[start : end.start() if end else len(text)]
    title, author = _names(head[: start or 2000])
    return Book(_without_credits(body), title, author)


def _without_credits(body: str) -> str:
    paragraphs = body.strip("\n").split("\n\n", CREDITS)
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
