"""Parses the regular expressions that split text into pre-tokens, into the trees from which scanners are made.

The parser knows only the syntax that such expressions use. It raises UnknownExpressionError for any other, so that no
expression is taken for another one.
"""

import re
from dataclasses import dataclass

MANY = -1  # no upper bound


class UnknownExpressionError(ValueError):
    """The expression holds something that scanners do not know; the message says what."""


@dataclass(frozen=True)
class Atom:
    """Matches one character of a set; `spelling` is the set as the expression spells it: `\\p{L}`, `[^\\r\\n]`, `a`."""

    spelling: str


@dataclass(frozen=True)
class Sequence:
    """Matches its parts, one after the other."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Choice:
    """Matches the first of its ways that leads to a match."""

    ways: tuple["Node", ...]


@dataclass(frozen=True)
class Repeat:
    """Matches its part as often as possible, from `least` to `most` times."""

    part: "Node"
    least: int
    most: int


@dataclass(frozen=True)
class NotBefore:
    """A negative look ahead: matches the empty text if no character of the set follows."""

    atom: Atom


Node = Atom | Sequence | Choice | Repeat | NotBefore

_CLASS = re.compile(r"\[\^?(?:[^\[\]\\&]|&(?!&)|\\[pP]\{\^?\w+\}|\\.)+\]", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:[pP]\{\^?\w+\}|[sSrntdDwW]|[^\w\s])")
_COUNT = re.compile(r"\{(\d+)(,?)(\d*)\}")
_LITERAL = re.compile(r"[^\\\[\](){}|?*+^$.]", re.DOTALL)
_FOLDED = re.compile(r"[a-z]")

# Case folding maps some characters to several. Where such a string may occur, a set of single characters cannot say
# what matches. All ASCII characters outside these pairs fold one to one.
_SEVERAL = ("ss", "st", "ff", "fi", "fl", "i̇")


def parse(source: str) -> Node:
    """Read an expression in Oniguruma's syntax, which is that of the library `tokenizers`."""
    reader = _Reader(source)
    node = reader.choice(folds=False)
    if reader.at < len(source):
        raise UnknownExpressionError(f"`{source[reader.at :]}` has no meaning there")
    return node


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0

    def _takes(self, text: str) -> bool:
        if self.source.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def choice(self, *, folds: bool) -> Node:
        ways = [self._sequence(folds)]
        while self._takes("|"):
            ways.append(self._sequence(folds))
        return ways[0] if len(ways) == 1 else Choice(tuple(ways))

    def _sequence(self, folds: bool) -> Node:
        parts: list[Node] = []
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            parts.append(self._repeated(self._part(folds)))
        spelt = "".join(part.spelling if isinstance(part, Atom) else " " for part in parts)
        if folds and any(pair in re.sub(r"\[(\w)\w*ſ?K?\]", r"\1", spelt) for pair in _SEVERAL):
            raise UnknownExpressionError(f"`{self.source}` ignores the case of letters that fold together")
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _part(self, folds: bool) -> Node:
        if self._takes("(?!"):
            node = self.choice(folds=folds)
            self._close()
            if not isinstance(node, Atom):
                raise UnknownExpressionError("a look ahead at more than one character")
            return NotBefore(node)
        if self._takes("(?i:"):
            return self._closed(self.choice(folds=True))
        if self._takes("(?:"):
            return self._closed(self.choice(folds=folds))
        if self.source.startswith("(?", self.at):
            raise UnknownExpressionError(f"`{self.source[self.at : self.at + 4]}`")
        if self._takes("("):
            return self._closed(self.choice(folds=folds))
        return self._atom(folds)

    def _closed(self, node: Node) -> Node:
        self._close()
        return node

    def _close(self) -> None:
        if not self._takes(")"):
            raise UnknownExpressionError("a parenthesis that nothing closes")

    def _atom(self, folds: bool) -> Atom:
        for pattern in (_CLASS, _ESCAPE, _LITERAL):
            found = pattern.match(self.source, self.at)
            if found:
                self.at = found.end()
                return Atom(_folded(found[0]) if folds else found[0])
        raise UnknownExpressionError(f"`{self.source[self.at : self.at + 8]}`")

    def _repeated(self, part: Node) -> Node:
        least, most = 1, 1
        if self._takes("?"):
            least = 0
        elif self._takes("*"):
            least, most = 0, MANY
        elif self._takes("+"):
            most = MANY
        elif found := _COUNT.match(self.source, self.at):
            self.at = found.end()
            least = int(found[1])
            most = int(found[3]) if found[3] else MANY if found[2] else least
        else:
            return part
        if self.source[self.at : self.at + 1] in ("?", "+", "*", "{"):
            raise UnknownExpressionError("a lazy or possessive repetition")
        if isinstance(part, NotBefore):
            raise UnknownExpressionError("a repeated look ahead")
        return Repeat(part, least, most)


def _folded(spelling: str) -> str:
    """The set of the characters that equal the character `spelling` when case is ignored."""
    letter = spelling.lower()
    if _FOLDED.fullmatch(letter):
        return f"[{letter}{letter.upper()}{'ſ' * (letter == 's')}{'K' * (letter == 'k')}]"
    if len(spelling) == 1 and spelling.isascii():
        return spelling
    raise UnknownExpressionError(f"`{spelling}` with case ignored")
