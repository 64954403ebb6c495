"""The forms in which test items stand in the pages that leak them: each alters an item's text by seeded chance."""

import html
import random
import re
import textwrap
from collections.abc import Callable, Sequence

EVERY = 8
"""One word of so many is changed, dropped or added."""

Form = Callable[[str, random.Random, Sequence[str]], str]
"""Takes an item, chance, and words of the document that the item is put into; gives the altered item."""

_SENTENCE_END = re.compile(r"(?<=[.?!])\s|\n")


def as_it_is(text: str, _: random.Random, __: Sequence[str]) -> str:
    return text


def wrapped(text: str, chance: random.Random, _: Sequence[str]) -> str:
    """In lines of another length, as in an email."""
    width, prefix = chance.randint(30, 75), chance.choice(["", "> ", "    "])
    return textwrap.fill(
        " ".join(text.split()), width, initial_indent=prefix, subsequent_indent=prefix, drop_whitespace=True
    )


def quotes(text: str, _: random.Random, __: Sequence[str]) -> str:
    """With typographer's quotes, dashes and ellipses."""
    text = re.sub(r'"([^"]*)"', "\u201c\\1\u201d", text).replace("'", "\u2019")
    return text.replace(" - ", " \u2014 ").replace("...", "\u2026").replace("``", "\u201c")


def spaced(text: str, _: random.Random, __: Sequence[str]) -> str:
    """With spaces round punctuation, as tokenisers leave it."""
    return re.sub(r"\s+", " ", re.sub(r"([^\w\s])", r" \1 ", text))


def bare(text: str, _: random.Random, __: Sequence[str]) -> str:
    """In lower case, without punctuation after words."""
    return re.sub(r"(?<=\w)[,;:.!?\"]+(?=\s|$)", "", text).lower()


def capitals(text: str, _: random.Random, __: Sequence[str]) -> str:
    return text.upper()


def listed(text: str, chance: random.Random, _: Sequence[str]) -> str:
    """As a list: bullets, numbers or letters before its sentences and lines."""
    mark = chance.choice(
        ["\u2022 {}", "- {}", "{number}. {}", "({letter}) {}", "{letter}. {}", "Q{number}) {}"]
    )
    lines = [part for part in _SENTENCE_END.split(text) if part.strip()]
    return "\n".join(
        mark.format(line, number=number + 1, letter="ABCDEFGHIJ"[number % 10])
        for number, line in enumerate(lines)
    )


def in_html(text: str, _: random.Random, __: Sequence[str]) -> str:
    """As HTML that nobody extracted: tags round each sentence, entities."""
    sentences = _SENTENCE_END.split(html.escape(text))
    return f'<div class="q"><p>{"".join(f"<span>{one}</span><br/>" for one in sentences)}</p></div>'


def in_latex(text: str, _: random.Random, __: Sequence[str]) -> str:
    """As LaTeX: its quotes, escapes, line ends and emphasis."""
    text = re.sub(r'"([^"]*)"', r"``\1''", text)
    text = re.sub(r"([%&#_$])", r"\\\1", text).replace("\n", "\\\\\n")
    return f"\\begin{{questions}}\\question[2] \\textbf{{{text}}}\\end{{questions}}"


def changed(text: str, chance: random.Random, words: Sequence[str]) -> str:
    """One word in eight is another."""
    return _altered(text, chance, lambda _: [chance.choice(words)])


def dropped(text: str, chance: random.Random, _: Sequence[str]) -> str:
    """One word in eight is missing."""
    return _altered(text, chance, lambda _: [])


def added(text: str, chance: random.Random, words: Sequence[str]) -> str:
    """After one word in eight stands another."""
    return _altered(text, chance, lambda word: [word, chance.choice(words)])


def _altered(text: str, chance: random.Random, alter: Callable[[str], list[str]]) -> str:
    """Alter one word of each eight; a text of fewer loses none."""
    words = text.split()
    places = {start + chance.randrange(EVERY) for start in range(0, len(words) - EVERY + 1, EVERY)}
    kept = [alter(word) if place in places else [word] for place, word in enumerate(words)]
    return " ".join(part for parts in kept for part in parts)


FORMS: dict[str, Form] = {
    "as it is": as_it_is,
    "lines wrapped anew": wrapped,
    "curly quotes, dashes": quotes,
    "spaces round punctuation": spaced,
    "no punctuation, lower case": bare,
    "capitals": capitals,
    "bullets, numbers, letters": listed,
    "HTML tags, entities": in_html,
    "LaTeX": in_latex,
    "one word in 8 changed": changed,
    "one word in 8 dropped": dropped,
    "one word in 8 added": added,
}


def inject(host: str, text: str, chance: random.Random) -> str:
    """The host document with a text between two of its lines or, by chance, of its words."""
    joint = "\n" if chance.random() < 0.5 else " "
    parts = host.split(joint)
    at = chance.randint(1, max(1, len(parts) - 1))
    return joint.join([*parts[:at], text, *parts[at:]])
