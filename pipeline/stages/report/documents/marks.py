"""Marks, for people to see, the parts of a text that a rule is about. Spans are in code points.

This repeats the definitions of quality.py, repetition.py and lines.py in filters/measure in plain Python, which is
fast enough for the few documents that are shown.
"""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from massivetext.filters.features import spans
from massivetext.filters.measure.quality import STOP_WORDS
from massivetext.filters.measure.spans import word_spans

Span = tuple[int, int]
Marker = Callable[[str], Iterable[Span]]

_SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_LINE = re.compile("[^\n\r]+")
_BULLET = re.compile(r"[•‣◦●○■□▪▫]|[*\-–—](?= |$)")


def lines(text: str) -> Iterator[Span]:
    """The lines that are not blank, stripped."""
    for line in _LINE.finditer(text):
        if stripped := re.search(f"[^{_SPACE}](?:.*[^{_SPACE}])?", line.group(), re.DOTALL):
            yield line.start() + stripped.start(), line.start() + stripped.end()


def paragraphs(text: str) -> Iterator[list[Span]]:
    """The lines of each paragraph."""
    found: list[Span] = []
    for start, end in lines(text):
        between = text[found[-1][1] : start].replace("\r\n", "\n").replace("\r", "\n") if found else ""
        if between.count("\n") > 1:
            yield found
            found = []
        found.append((start, end))
    if found:
        yield found


def _pattern(pattern: str) -> Marker:
    compiled = re.compile(pattern)
    return lambda text: (match.span() for match in compiled.finditer(text))


def _bullet_lines(text: str) -> Iterator[Span]:
    for start, end in lines(text):
        if _BULLET.match(text[start:end]):
            yield start, end


def _ellipsis_lines(text: str) -> Iterator[Span]:
    return ((start, end) for start, end in lines(text) if text[start:end].endswith(("...", "…")))


def _without_letter(text: str) -> Iterator[Span]:
    for start, end in word_spans(text):
        if not any(unicodedata.category(sign)[0] == "L" for sign in text[start:end]):
            yield start, end


def _stop_words(text: str) -> Iterator[Span]:
    return ((start, end) for start, end in word_spans(text) if text[start:end].lower() in STOP_WORDS)


def _copied_lines(text: str) -> Iterator[Span]:
    seen: set[str] = set()
    for start, end in lines(text):
        if text[start:end] in seen:
            yield start, end
        seen.add(text[start:end])


def _copied_paragraphs(text: str) -> Iterator[Span]:
    seen: set[tuple[str, ...]] = set()
    for paragraph in paragraphs(text):
        content = tuple(text[start:end] for start, end in paragraph)
        if content in seen:
            yield paragraph[0][0], paragraph[-1][1]
        seen.add(content)


def _grams(text: str, n: int) -> tuple[list[Span], dict[tuple[str, ...], list[int]]]:
    """The words, and the words at which each n-gram starts that occurs at least twice."""
    found = word_spans(text)
    lowered = [_lower(text[start:end]) for start, end in found]
    places = _starts(lowered, n)
    return found, {gram: starts for gram, starts in places.items() if len(starts) > 1}


def _lower(word: str) -> str:
    if word.isascii():
        return word.lower()
    return "".join("i" if sign == "İ" else sign.lower() for sign in word)  # one code point for each


def _spread(starts: Iterable[int], n: int) -> list[int]:
    """The words that n-grams which start at these words cover, each once."""
    return sorted({start + step for start in starts for step in range(n)})


def _top_gram(n: int) -> Marker:
    def mark(text: str) -> Iterator[Span]:
        found, places = _grams(text, n)
        most = max(map(len, places.values()), default=0)
        tied = [_spread(starts, n) for starts in places.values() if len(starts) == most]
        sizes = [sum(found[word][1] - found[word][0] for word in covered) for covered in tied]
        best = tied[sizes.index(max(sizes))] if tied else []
        return (found[word] for word in best)

    return mark


def _copied_grams(n: int) -> Marker:
    def mark(text: str) -> Iterator[Span]:
        found, places = _grams(text, n)
        return (found[word] for word in _spread((s for starts in places.values() for s in starts), n))

    return mark


MARKERS: dict[str, Marker] = {
    "hash_ratio": _pattern("#"),
    "ellipsis_ratio": _pattern(r"\.\.\.|…"),
    "bullet_line_fraction": _bullet_lines,
    "ellipsis_line_fraction": _ellipsis_lines,
    "alphabetic_word_fraction": _without_letter,
    "stop_word_count": _stop_words,
    "duplicate_line_fraction": _copied_lines,
    "duplicate_line_character_fraction": _copied_lines,
    "duplicate_paragraph_fraction": _copied_paragraphs,
    "duplicate_paragraph_character_fraction": _copied_paragraphs,
    **{f"top_{n}_gram_character_fraction": _top_gram(n) for n in range(2, 5)},
    **{f"duplicate_{n}_gram_character_fraction": _copied_grams(n) for n in range(5, 11)},
}
"""The marker of each rule. A rule that is about the whole text has none."""


def marks(text: str, rule: str) -> list[Span]:
    """The parts of a text that a rule is about; neighbouring words are one span."""
    return merged(text, MARKERS[rule](text)) if rule in MARKERS else []


def features(text: str, pattern: str) -> list[Span]:
    """The features of an audited group in a text."""
    return list(spans(text, pattern))


def merged(text: str, spans: Iterable[Span]) -> list[Span]:
    """Joins spans between which there are only signs and white space, unless a line ends there."""
    found: list[Span] = []
    for start, end in spans:
        between = text[found[-1][1] : start] if found else "\n"
        if "\n" in between or any(unicodedata.category(sign)[0] in "LN" for sign in between):
            found.append((start, end))
        else:
            found[-1] = (found[-1][0], end)
    return found


def shared(text: str, other: str, n: int) -> tuple[list[Span], list[Span]]:
    """The words of each text that are part of an n-gram which both texts hold. If a text has fewer than n words, n is
    the number of its words.
    """
    found = word_spans(text), word_spans(other)
    lowered = [[_lower(one[a:b]) for a, b in own] for one, own in zip((text, other), found, strict=True)]
    n = max(1, min(n, *map(len, lowered)))
    starts = [_starts(words_, n) for words_ in lowered]
    both = starts[0].keys() & starts[1].keys()
    covered = [_spread((place for gram in both for place in own[gram]), n) for own in starts]
    left, right = ([own[word] for word in words_] for own, words_ in zip(found, covered, strict=True))
    return merged(text, left), merged(other, right)


def _starts(lowered: list[str], n: int) -> dict[tuple[str, ...], list[int]]:
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in range(len(lowered) - n + 1):
        places[tuple(lowered[place : place + n])].append(place)
    return places


def differences(text: str, other: str) -> tuple[list[Span], list[Span]]:
    """The words of each text that the other does not have at that place."""
    own, theirs = word_spans(text), word_spans(other)
    matcher = difflib.SequenceMatcher(
        None, [text[a:b].lower() for a, b in own], [other[a:b].lower() for a, b in theirs], autojunk=False
    )
    left: list[Span] = []
    right: list[Span] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            left += own[a:b]
            right += theirs[c:d]
    return merged(text, left), merged(other, right)
