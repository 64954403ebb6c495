"""Test items as they stand in the pages that leak them: one function a form, and the items of the shared data.

Each form takes an item and a seeded generator and returns the item's text, altered. The words that replace others or
are added come from the item's host document, as in a page that tells the item in its own words.
"""

import csv
import html
import json
import random
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

EVERY = 8
"""One word of so many is changed, dropped or added."""


@dataclass(frozen=True)
class Item:
    """A test item: its question (for LAMBADA the whole passage), and its choices or solution."""

    test_set: str
    name: str
    question: str
    choices: tuple[str, ...] = ()


Form = Callable[[Item, random.Random, list[str]], str]


def whole(item: Item) -> str:
    return "\n".join([item.question, *item.choices])


def embedded(item: Item, _: random.Random, __: list[str]) -> str:
    """As it is."""
    return whole(item)


def question_only(item: Item, _: random.Random, __: list[str]) -> str:
    """Without its choices or its solution."""
    return item.question


def rewrapped(item: Item, chance: random.Random, _: list[str]) -> str:
    """In lines of other lengths, as in an email."""
    width, prefix = chance.randint(30, 75), chance.choice(["", "> ", "    "])
    return textwrap.fill(
        " ".join(whole(item).split()), width, initial_indent=prefix, subsequent_indent=prefix
    )


def other_quotes(item: Item, _: random.Random, __: list[str]) -> str:
    """With typographer's quotes, dashes and ellipses."""
    text = re.sub(r'"([^"]*)"', "\u201c\\1\u201d", whole(item)).replace("'", "\u2019")
    return text.replace(" - ", " \u2014 ").replace("...", "\u2026").replace("``", "\u201c")


def spaced(item: Item, _: random.Random, __: list[str]) -> str:
    """With spaces round punctuation, as tokenisers leave it."""
    return re.sub(r"\s+", " ", re.sub(r"([^\w\s])", r" \1 ", whole(item)))


def unpunctuated(item: Item, _: random.Random, __: list[str]) -> str:
    """In lower case without punctuation within sentences."""
    return re.sub(r"(?<=\w)[,;:.!?\"]+(?=\s|$)", "", whole(item)).lower()


def capitals(item: Item, _: random.Random, __: list[str]) -> str:
    """In capitals."""
    return whole(item).upper()


def lettered(item: Item, chance: random.Random, _: list[str]) -> str:
    """As a list: bullets or numbers before its sentences, letters before its choices."""
    mark = chance.choice(["\u2022 ", "- ", "* ", "{}. ", "Q{}) "])
    sentences = [part for part in re.split(r"(?<=[.?!]) |\n", item.question) if part.strip()]
    lines = [mark.format(number) + part for number, part in enumerate(sentences, 1)]
    letter = chance.choice(["{}. ", "({}) ", "{}) "])
    return "\n".join([*lines, *(letter.format("ABCDEFGHIJ"[n % 10]) + c for n, c in enumerate(item.choices))])


def in_html(item: Item, _: random.Random, __: list[str]) -> str:
    """As HTML that nobody extracted: tags, entities, each sentence in a span."""
    sentences = re.split(r"(?<=[.?!])\s", html.escape(item.question))
    body = "".join(f'<span class="s">{part}</span><br/>' for part in sentences)
    choices = "".join(
        f'<li><label for="c{n}">{html.escape(c)}</label></li>' for n, c in enumerate(item.choices)
    )
    return f'<div class="question"><p>{body}</p><ol type="A">{choices}</ol></div>'


def in_latex(item: Item, _: random.Random, __: list[str]) -> str:
    """As LaTeX: an item of a list, with its quotes, escapes and emphasis."""
    text = re.sub(r'"([^"]*)"', r"``\1''", item.question)
    text = re.sub(r"([%&#_$])", r"\\\1", text).replace("\n", "\\\\\n")
    choices = "".join(f"\\choice{{{c}}}\n" for c in item.choices)
    return f"\\begin{{questions}}\\question[2] \\textbf{{{text}}}\n{choices}\\end{{questions}}"


def changed(item: Item, chance: random.Random, words: list[str]) -> str:
    """One word in eight is another."""
    return _altered(item, chance, lambda _: [chance.choice(words)])


def dropped(item: Item, chance: random.Random, _: list[str]) -> str:
    """One word in eight is missing."""
    return _altered(item, chance, lambda _: [])


def added(item: Item, chance: random.Random, words: list[str]) -> str:
    """After one word in eight stands another."""
    return _altered(item, chance, lambda word: [word, chance.choice(words)])


def _altered(item: Item, chance: random.Random, alter: Callable[[str], list[str]]) -> str:
    """Alter one word of each eight; an item of fewer loses none."""
    words = whole(item).split()
    places = {start + chance.randrange(EVERY) for start in range(0, len(words) - EVERY + 1, EVERY)}
    kept = [alter(word) if place in places else [word] for place, word in enumerate(words)]
    return " ".join(part for parts in kept for part in parts)


FORMS: dict[str, Form] = {
    "as it is": embedded,
    "question alone": question_only,
    "lines wrapped anew": rewrapped,
    "curly quotes, dashes": other_quotes,
    "spaces round punctuation": spaced,
    "no punctuation, lower case": unpunctuated,
    "capitals": capitals,
    "bullets, answer letters": lettered,
    "HTML tags, entities": in_html,
    "LaTeX": in_latex,
    "one word in 8 changed": changed,
    "one word in 8 dropped": dropped,
    "one word in 8 added": added,
}


def inject(host: str, text: str, chance: random.Random) -> str:
    """The host document with a text between two of its lines or, by chance, of its words."""
    if chance.random() < 0.5:
        parts, joint = host.split("\n"), "\n"
    else:
        parts, joint = host.split(" "), " "
    at = chance.randint(1, max(1, len(parts) - 1))
    return joint.join([*parts[:at], text, *parts[at:]])


def shared_items(folder: Path) -> list[Item]:
    """The items of ../shared/data/testsets, but for Wikitext's articles, which the documents hold by right."""
    return [
        *_lambada(folder),
        *_arc(folder),
        *_boolq(folder),
        *_gsm8k(folder),
        *_human_eval(folder),
        *_mmlu(folder),
    ]


def _lines(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n")):
        if line.strip():
            yield str(number), json.loads(line)


def _lambada(folder: Path) -> Iterator[Item]:
    for name, row in _lines(folder / "lambada_openai.jsonl"):
        yield Item("lambada", name, f"{row['context']} {row['continuation']}")


def _arc(folder: Path) -> Iterator[Item]:
    for name, row in _lines(folder / "arc_easy-50.jsonl"):
        yield Item("arc", name, str(row["query"]).removeprefix("Question: "), _choices(row["choices"]))


def _boolq(folder: Path) -> Iterator[Item]:
    for name, row in _lines(folder / "boolq-30.jsonl"):
        passage, _, question = str(row["query"]).removeprefix("Passage: ").partition("\nQuestion: ")
        yield Item("boolq", name, f"{passage}\n{question}")


def _gsm8k(folder: Path) -> Iterator[Item]:
    for name, row in _lines(folder / "gsm8k-50.jsonl"):
        yield Item("gsm8k", name, str(row["question"]), (str(row["answer"]),))


def _human_eval(folder: Path) -> Iterator[Item]:
    for name, row in _lines(folder / "human_eval-30.jsonl"):
        yield Item("human_eval", name, str(row["prompt"]), (str(row["canonical_solution"]),))


def _mmlu(folder: Path) -> Iterator[Item]:
    with open(folder / "mmlu-high_school_world_history-60.csv", newline="", encoding="utf-8") as lines:
        for name, row in enumerate(csv.DictReader(lines)):
            yield Item("mmlu", str(name), row["question"], _choices([row[f"choice{n}"] for n in range(4)]))


def _choices(values: object) -> tuple[str, ...]:
    return tuple(str(value) for value in values if value) if isinstance(values, list) else ()
