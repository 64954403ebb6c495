"""A scanner: a regular expression as a table of states, which finds the match that a backtracking engine would find.

The states are those of Thompson's construction. Each is an ordered list of the places in the expression where a
backtracking engine could be, the most preferred first (as in RE2). A look ahead at one character is decided when that
character is read. So the step from a state by a character also says whether the text before that character matches.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.unicode import PAGE, POINTS
from massivetext.filters.tokens.ranked.expression import (
    MANY,
    Atom,
    Choice,
    Node,
    NotBefore,
    Repeat,
    UnknownExpressionError,
    parse,
)

Members = Callable[[str], npt.NDArray[np.bool_]]
"""Returns, for the spelling of an atom, whether each code point is in its set: bool[POINTS]."""

_MOST_STATES = 4000
_MOST_REPEATS = 64


class Scanner(NamedTuple):
    """The tables for the kernels. Characters that are in the same sets of the expression have the same class."""

    # [states * (classes + 2)]: by state and class, the first step of the next state << 1 | whether the text matches.
    steps: npt.NDArray[np.uint16]
    ascii: npt.NDArray[np.uint8]  # [128]: the class of each ASCII character
    blocks: npt.NDArray[np.uint16]  # [POINTS / PAGE]: the page of each block of code points
    pages: npt.NDArray[np.uint8]  # [pages * PAGE]: the class of each code point of a page
    start: int  # the first step of the state at the beginning; 0 is the state in which nothing matches
    end: int  # the class of the text's end; the step after that says whether a to z lead back to the state


def compile_expression(source: str, members: Members) -> Scanner:
    """Compiles an expression. Raises UnknownExpressionError if it holds something that scanners do not know."""
    program, tree = _Program(), parse(source)
    if _may_be_empty(tree):
        raise UnknownExpressionError("an expression that may match the empty text")
    start = program.add(tree, program.instruct("match"))
    spellings = sorted(program.spellings)
    sets = np.stack([members(spelling) for spelling in spellings])
    classes, inside = _classes(sets)
    number = {spelling: i for i, spelling in enumerate(spellings)}
    letters = set(classes[ord("a") : ord("z") + 1].tolist())
    steps, first = _states(
        program, start, [inside[:, number[s]] for s in program.spelt], len(inside), letters
    )
    index, pages = _two_stages(classes)
    return Scanner(steps, classes[:128].copy(), index, pages, first, len(inside))


def _classes(sets: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    """The class of each code point, and whether each class is in each set: bool[classes, sets]."""
    rows = np.zeros(POINTS, np.uint64)
    if len(sets) > 63:
        raise UnknownExpressionError("more than 63 different sets of characters")
    for bit, members in enumerate(sets):
        rows |= members.astype(np.uint64) << np.uint64(bit)
    distinct, classes = np.unique(rows, return_inverse=True)
    if len(distinct) > 255:
        raise UnknownExpressionError("more than 255 classes of characters")
    bits = np.arange(len(sets), dtype=np.uint64)
    return classes.astype(np.uint8), (distinct[:, None] >> bits & np.uint64(1)).astype(np.bool_)


def _two_stages(classes: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint8]]:
    numbers: dict[bytes, int] = {}
    index = [numbers.setdefault(page.tobytes(), len(numbers)) for page in classes.reshape(-1, PAGE)]
    return np.array(index, np.uint16), np.frombuffer(b"".join(numbers), np.uint8)


class _Program:
    """The instructions of an expression: ("match",), ("set", atom, next), ("not", atom, next), ("split", nexts)."""

    def __init__(self) -> None:
        self.instructions: list[tuple[str, int, tuple[int, ...]]] = []
        self.spelt: list[str] = []  # by the number of an atom
        self.spellings: set[str] = set()

    def instruct(self, kind: str, atom: int = -1, following: tuple[int, ...] = ()) -> int:
        self.instructions.append((kind, atom, following))
        if len(self.instructions) > _MOST_STATES:
            raise UnknownExpressionError("too long an expression")
        return len(self.instructions) - 1

    def _atom(self, atom: Atom) -> int:
        self.spellings.add(atom.spelling)
        if atom.spelling not in self.spelt:
            self.spelt.append(atom.spelling)
        return self.spelt.index(atom.spelling)

    def add(self, node: Node, following: int) -> int:
        """Add instructions that match `node` and go on at `following`; returns where they start."""
        match node:
            case Atom():
                return self.instruct("set", self._atom(node), (following,))
            case NotBefore(atom):
                return self.instruct("not", self._atom(atom), (following,))
            case Choice(ways):
                return self.instruct("split", following=tuple(self.add(way, following) for way in ways))
            case Repeat():
                return self._repeat(node, following)
            case _:
                for part in reversed(node.parts):
                    following = self.add(part, following)
                return following

    def _repeat(self, node: Repeat, following: int) -> int:
        if max(node.least, node.most) > _MOST_REPEATS:
            raise UnknownExpressionError(f"more than {_MOST_REPEATS} repetitions")
        at = following
        if node.most == MANY:
            if _may_be_empty(node.part):
                raise UnknownExpressionError("a repetition of a part that may match the empty text")
            at = self.instruct("split")
            self.instructions[at] = ("split", -1, (self.add(node.part, at), following))
        for _ in range(node.most - node.least):
            at = self.instruct("split", following=(self.add(node.part, at), following))
        for _ in range(node.least):
            at = self.add(node.part, at)
        return at


def _may_be_empty(node: Node) -> bool:
    match node:
        case Atom():
            return False
        case NotBefore():
            return True
        case Choice(ways):
            return any(map(_may_be_empty, ways))
        case Repeat(part, least, _):
            return least == 0 or _may_be_empty(part)
        case _:
            return all(map(_may_be_empty, node.parts))


def _states(
    program: _Program, start: int, inside: list[npt.NDArray[np.bool_]], classes: int, letters: set[int]
) -> tuple[npt.NDArray[np.uint16], int]:
    """The steps of all states that can be reached, and the first step of the state at the beginning. The end of the
    text is one more class, which is in no set. The last step of a state is 1 if all classes in `letters` lead back to
    the state.
    """
    width = classes + 2
    numbers: dict[tuple[int, ...], int] = {(): 0}
    waiting: list[tuple[int, ...]] = [()]
    rows: list[list[int]] = []

    def number(state: tuple[int, ...]) -> int:
        if state not in numbers:
            numbers[state] = len(numbers)
            waiting.append(state)
        return numbers[state]

    first = number(_reached(program, (start,)))
    at = 0
    while at < len(waiting):
        row = []
        for class_ in range(classes + 1):
            following, matches = _step(program, waiting[at], inside, class_, class_ == classes)
            row.append(number(following) * width << 1 | matches)
        stays = all(row[letter] >> 1 == at * width for letter in letters)
        rows.append([*row, int(stays and at > 0)])
        at += 1
        if len(numbers) * width >= 1 << 15:
            raise UnknownExpressionError("too many states")
    return np.array(rows, np.uint16).reshape(-1), first * width


def _reached(program: _Program, places: tuple[int, ...]) -> tuple[int, ...]:
    """The places that wait for a character and can be reached from `places` without reading one, in their order."""
    found: dict[int, None] = {}
    seen: set[int] = set()

    def visit(place: int) -> None:
        if place in seen:
            return
        seen.add(place)
        kind, _, following = program.instructions[place]
        if kind == "split":
            for way in following:
                visit(way)
        else:
            found[place] = None

    for place in places:
        visit(place)
    return tuple(found)


def _step(
    program: _Program, state: tuple[int, ...], inside: list[npt.NDArray[np.bool_]], class_: int, is_end: bool
) -> tuple[tuple[int, ...], bool]:
    """The state after a character, and whether the text before that character matches."""
    places: list[int] = []
    waiting = list(reversed(state))
    seen: set[int] = set()
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        kind, atom, following = program.instructions[place]
        if kind == "match":  # the less preferred places are dropped
            return _reached(program, tuple(places)), True
        holds = not is_end and bool(inside[atom][class_])
        if kind == "set" and holds:
            places.append(following[0])
        elif kind == "not" and not holds:
            waiting.extend(reversed(_reached(program, following)))
    return _reached(program, tuple(places)), False
