"""Wikitext (Merity et al., arXiv 1609.07843): reads tokenised articles of Wikipedia, and undoes the tokenisation.

Spaces separate the tokens; `@-@`, `@,@` and `@.@` are a hyphen, comma or point in a word. If the tokens do not show
the original text, the more frequent case is taken: an en dash between numbers is a range; an em dash and a slash join
words. Words that were replaced by `<unk>` are lost.
"""

import re
from collections.abc import Iterator

from massivetext.pipeline.stages.decontaminate.test_sets.item_file import Item, ItemFile

_HEADING = re.compile(r"(?P<level>(?:= )+)(?P<title>[^=].*?)(?: =)+")
_RULES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r" @(\S)@ ", r"\1"),
        (r'" ([^"]*\S) "', r'"\1"'),
        (r" ('(?:s|t|d|m|re|ve|ll))\b", r"\1"),
        (r"(?<=s) '(?= )", "'"),
        (r" (\.\.\.|[.,;:!?%)\]}…])", r"\1"),
        (r"([(\[{$£€¥#]) ", r"\1"),
        (r"(?<=\d) – (?=\d)", "–"),
        (r"(?<=\S) ([—/]) (?=\S)", r"\1"),
    )
]


def read(_: ItemFile, text: str) -> Iterator[Item]:
    """Yields each article as an item. Its name is the number and the title, which is not part of the text."""
    articles: list[tuple[str, list[str]]] = [("", [])]
    lines = ["", *(line.strip() for line in text.split("\n")), ""]
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        # Formulas are lines of `= ... =`, too, but only headings are between blank lines.
        heading = None if before or after else _HEADING.fullmatch(line)
        if heading and heading["level"] == "= ":
            articles.append((detokenised(heading["title"]), []))
        else:
            articles[-1][1].append(detokenised(heading["title"] if heading else line))
    articles = [(title, lines) for title, lines in articles if any(lines)]
    for number, (title, lines) in enumerate(articles):
        yield Item(f"{number} {title}".rstrip(), (("question", "\n".join(lines)),))


def detokenised(line: str) -> str:
    """Returns a line as it was in the article."""
    for pattern, replacement in _RULES:
        line = pattern.sub(replacement, line)
    return line
