"""Takes out the parts of a page that wikitext's other rules must not read: comments, formulas, quoted markup,
references.

This happens before anything else is read. A part that is text leaves a mark in its place, and is put back at the end.
"""

import re
from functools import cache

MARK = re.compile("\x02(\\d+)\x03")
START = re.compile(r"<!--|<([a-zA-Z]+)\b([^<>]*)>")
FORMULAS = frozenset({"math", "chem", "ce"})
CODE = frozenset({"source", "syntaxhighlight"})  # inside a line, a formula is part of the sentence
DROPPED = frozenset(
    """
    pre ref syntaxhighlight source timeline score hiero gallery imagemap references templatedata graph mapframe maplink
    inputbox categorytree templatestyles indicator
    """.split()  # noqa: SIM905
)
BLOCK = re.compile(r"display\s*=\s*[\"']?block")
BEFORE_BLOCK, AFTER_BLOCK = re.compile(r"(?:\A|\n)[ \t:*#]*\Z"), re.compile(r"[ \t]*[.,;:]?[ \t]*(?:\n|\Z)")
BESIDE = 40  # the characters before and after a formula that show whether it is a block by itself
SPACES = re.compile(r"\s+")


class Taken:
    """The parts that were taken out of a page, by the number in their marks."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def mark(self, text: str) -> str:
        """Keeps a text that must not be read again, and returns its mark."""
        self._texts.append(text)
        return f"\x02{len(self._texts) - 1}\x03"

    def put_back(self, text: str) -> str:
        """Returns the text with its marks replaced by the parts. No part holds a mark."""
        return MARK.sub(lambda mark: self._texts[int(mark[1])], text)


def take_out(wikitext: str) -> tuple[str, Taken]:
    """Returns the text with marks in place of the parts, in linear time. Of a part that is never closed, only the tag
    goes."""
    taken = Taken()
    parts: list[str] = []
    unclosed: set[str] = set()  # not searched for again: that would take quadratic time
    at = 0
    while start := START.search(wikitext, at):
        name = (start[1] or "").lower()
        if name and name != "nowiki" and name not in FORMULAS and name not in DROPPED:
            parts.append(wikitext[at : start.end()])
            at = start.end()
            continue
        parts.append(wikitext[at : start.start()])
        at = start.end()
        if name and start[2].endswith("/"):
            continue
        close = None if name in unclosed else _closer(name).search(wikitext, at)
        if not close:
            unclosed.add(name)
            continue
        content = wikitext[at : close.start()]
        at = close.end()
        if name == "nowiki" or (name in CODE and "\n" not in content):
            parts.append(taken.mark(content))
        elif name in FORMULAS:
            before, after = (
                wikitext[start.start() - min(BESIDE, start.start()) : start.start()],
                wikitext[at : at + BESIDE],
            )
            alone = BEFORE_BLOCK.search(before) and AFTER_BLOCK.match(after)
            parts.append(formula(content, name != "math", bool(alone or BLOCK.search(start[2])), taken))
    return "".join([*parts, wikitext[at:]]), taken


def formula(tex: str, is_chemistry: bool, is_block: bool, taken: Taken) -> str:
    """Returns the mark of a formula, which is written once, as TeX: in the text, or as a separate block."""
    tex = SPACES.sub(" ", tex).strip()
    if not tex:
        return ""
    tex = rf"\\ce{{{tex}}}"[1:] if is_chemistry else tex
    return taken.mark(f"$${tex}$$" if is_block else rf"\({tex}\)")


@cache
def _closer(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}\s*>" if name else "-->", re.IGNORECASE)
