"""Replaces templates and parser functions by their words, or marks them as unknown.

They nest, so they are replaced from the inside out, in one pass and linear time.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from massivetext.pipeline.read.wikipedia.opaque import Taken
from massivetext.pipeline.read.wikipedia.wiki import Wiki

UNKNOWN = "\x01"
"""What stands in place of a template of which nothing is known; wikitext.py says what becomes of it."""

TOKEN = re.compile(r"\{\{+|\}\}+|\[\[|\]\]|\|")
DEPTH = 40  # the depth of templates in templates, MediaWiki's own limit; deeper ones are dropped
SPACES = re.compile(r"[\s_]+")


class Call(NamedTuple):
    """A use of a template: its name, in lower case and as written, and its arguments. Unnamed ones have their
    number."""

    name: str
    written: str
    arguments: dict[str, str]
    wiki: Wiki
    taken: Taken

    def get(self, *names: str) -> str:
        """Returns the first of these arguments that is given and not empty."""
        return next((self.arguments[name] for name in names if self.arguments.get(name)), "")

    @property
    def words(self) -> list[str]:
        """Returns the unnamed arguments in order, up to the first that is missing."""
        found: list[str] = []
        while (number := str(len(found) + 1)) in self.arguments:
            found.append(self.arguments[number])
        return found


Pieces = list[Any]
"""Text in pieces: strings, and lists of pieces, so that what stands in brackets is moved without being copied."""


class _Open:
    """A template, parameter or link that has begun: its opening, and its parts between bars."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.parts: list[Pieces] = [[]]
        self.equals: list[int] = [-1]  # for each part, the piece with its first equals sign

    def add(self, text: str) -> None:
        if self.mark == "{{" and self.equals[-1] < 0 and "=" in text:
            self.equals[-1] = len(self.parts[-1])
        self.parts[-1].append(text)

    def bar(self) -> None:
        self.parts.append([])
        self.equals.append(-1)

    def literal(self) -> Pieces:
        """Its unchanged text, without an end."""
        pieces: Pieces = [self.mark]
        for number, part in enumerate(self.parts):
            pieces += ["|", part] if number else [part]
        return pieces


class _Stack:
    """All that has begun and not ended, from the outermost on. The first is the page."""

    def __init__(self) -> None:
        self._open = [_Open("")]
        self._count = {"{{": 0, "{{{": 0, "[[": 0}

    @property
    def top(self) -> _Open:
        return self._open[-1]

    def depth(self, *marks: str) -> int:
        return sum(self._count[mark] for mark in marks)

    def begin(self, mark: str) -> None:
        self._open.append(_Open(mark))
        self._count[mark] += 1

    def end(self, *marks: str) -> _Open:
        """Ends and returns the innermost with one of `marks`. Anything inside it that has not ended becomes part of
        its text."""
        last = len(self._open)
        at = next(number for number in range(last - 1, 0, -1) if self._open[number].mark in marks)
        ended, inside = self._open[at], self._open[at + 1 :]
        del self._open[at:]
        for each in (ended, *inside):
            self._count[each.mark] -= 1
        ended.parts[-1] += [each.literal() for each in inside]
        return ended

    def put(self, pieces: Pieces) -> None:
        self.top.parts[-1].append(pieces)

    def rest(self) -> str:
        """Returns the page. Anything that has not ended stays as it is."""
        return _flat([each.literal() for each in self._open])


def expand(wikitext: str, wiki: Wiki, taken: Taken, render: Callable[[Call], str]) -> str:
    """Returns the text with each template replaced by the result of `render`."""
    stack = _Stack()
    at = 0
    for token in TOKEN.finditer(wikitext):
        stack.top.add(wikitext[at : token.start()])
        at = token.end()
        mark = token[0]
        if mark == "|" and stack.top.mark:
            stack.top.bar()
        elif mark == "[[":
            stack.begin(mark)
        elif mark == "]]" and stack.depth("[["):
            stack.put([stack.end("[[").literal(), mark])
        elif mark[0] == "{":
            _begin_braces(stack, len(mark))
        elif mark[0] == "}":
            _end_braces(stack, len(mark), lambda opened: render(_call(opened, wiki, taken)))
        else:
            stack.top.add(mark)
    stack.top.add(wikitext[at:])
    return stack.rest()


def _begin_braces(stack: _Stack, count: int) -> None:
    """`{{{{{` is a parameter in a template."""
    for _ in range((count - 3 * (count % 2)) // 2):
        stack.begin("{{")
    if count % 2:
        stack.begin("{{{")


def _end_braces(stack: _Stack, count: int, render: Callable[[_Open], str]) -> None:
    """Ends as many templates and parameters as there are braces for. A remaining brace is text."""
    while count >= 2 and stack.depth("{{", "{{{"):
        ended = stack.end("{{", "{{{")
        if ended.mark == "{{{" and count >= 3:
            count -= 3
            stack.put(ended.parts[1] if len(ended.parts) > 1 else [])
            continue
        if ended.mark == "{{{":
            stack.top.add("{")
        count -= 2
        if stack.depth("{{", "{{{") < DEPTH:
            stack.put([render(ended)])
    stack.top.add("}" * count)


def _call(opened: _Open, wiki: Wiki, taken: Taken) -> Call:
    written = _flat(opened.parts[0]).strip()
    arguments: dict[str, str] = {}
    number = 0
    for part, equals in zip(opened.parts[1:], opened.equals[1:], strict=True):
        if equals < 0:
            number += 1
            arguments[str(number)] = _flat(part).strip()
        else:
            before, _, after = part[equals].partition("=")
            key = _flat([*part[:equals], before]).strip()
            arguments[key.lower()] = _flat([after, *part[equals + 1 :]]).strip()
    return Call(SPACES.sub(" ", written).lower(), written, arguments, wiki, taken)


def _flat(pieces: Pieces) -> str:
    """Joins the text of pieces, without recursion."""
    texts: list[str] = []
    left = [iter(pieces)]
    while left:
        for piece in left[-1]:
            if isinstance(piece, str):
                texts.append(piece)
            else:
                left.append(iter(piece))
                break
        else:
            left.pop()
    return "".join(texts)
