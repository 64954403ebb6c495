"""Recall and precision on siblings of test items: leaks that look different, and texts that only look like leaks.

    python -m benchmarks.contamination_siblings ../shared/data [--items 600] [--missed 3]

Each sibling is put into a document of 300 to 600 words, as in benchmarks.contamination. Of a leak the share of
documents removed should be 1, of a text that is no leak 0. Prints a table in Markdown, by language where it matters.
"""

import argparse
import html
import random
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from benchmarks.contamination import SEED, build, documents, judged
from benchmarks.contamination_items import Item, shared_items, udhr_items
from massivetext.filters.similarity.embedded import Matcher
from massivetext.filters.similarity.forms import inject

Sibling = Callable[[Item, random.Random, list[str]], str | None]
"""Makes a sibling of an item from chance and the words of a document; None for an item that has none."""

ACCENTS = ("COMBINING", "HEBREW POINT", "ARABIC FATHA", "ARABIC KASRA", "ARABIC DAMMA", "ARABIC SHADDA")
DOCUMENT = 60  # words between the two halves of an item


def normal(form: str) -> Sibling:
    """The text in another normal form of Unicode; only items that it changes."""

    def sibling(item: Item, _: random.Random, __: list[str]) -> str | None:
        text = unicodedata.normalize(form, item.text)
        return text if text != item.text else None

    return sibling


def without_accents(item: Item, _: random.Random, __: list[str]) -> str | None:
    """Without accents, and the points of Hebrew and Arabic, as old software leaves text."""
    signs = unicodedata.normalize("NFD", item.text)
    text = "".join(sign for sign in signs if not unicodedata.name(sign, "").startswith(ACCENTS))
    return text if text != signs else None


def wide(item: Item, _: random.Random, __: list[str]) -> str:
    """In the full-width letters of East Asian fonts."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in item.text)


def ligatures(item: Item, _: random.Random, __: list[str]) -> str:
    """With the ligatures that PDF files hold."""
    text = item.text
    for plain, sign in (("ffi", "ﬃ"), ("ffl", "ﬄ"), ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ")):
        text = text.replace(plain, sign)
    return text


def directed(item: Item, _: random.Random, __: list[str]) -> str:
    """With the invisible signs that set the direction of writing round each line and within long words."""
    lines = ("\u202b" + line + "\u202c" for line in item.text.split("\n"))
    return re.sub(r"(\w{6})(?=\w)", "\\1\u200d", "\u2067" + "\n".join(lines) + "\u2069")


def hyphenated(item: Item, _: random.Random, __: list[str]) -> str:
    """In lines of some 60 characters whose last word is divided, as in PDF files of books."""
    lines, line = [], ""
    for word in item.text.split():
        if len(line) + len(word) > 60 and len(word) > 6 and word.isalpha():
            lines.append(f"{line}{word[:3]}-")
            line = f"{word[3:]} "
        elif len(line) > 60:
            lines.append(line)
            line = f"{word} "
        else:
            line += f"{word} "
    return "\n".join([*lines, line])


def numbered_lines(item: Item, _: random.Random, __: list[str]) -> str:
    """In lines of ten words, with a number before each."""
    words = item.text.split()
    lines = [" ".join(words[at : at + 10]) for at in range(0, len(words), 10)]
    return "\n".join(f"{number:>3} {line}" for number, line in enumerate(lines, 1))


def halves(item: Item, chance: random.Random, words: list[str]) -> str:
    """In two paragraphs, with another paragraph between."""
    parts = item.question.split()
    at, middle = chance.randrange(max(1, len(words) - DOCUMENT)), len(parts) // 2
    between = " ".join(words[at : at + DOCUMENT])
    return f"{' '.join(parts[:middle])}\n\n{between}\n\n{' '.join(parts[middle:])}"


def shuffled(item: Item, chance: random.Random, _: list[str]) -> str | None:
    """With the choices in another order, and letters before them."""
    if len(item.choices) < 3:
        return None
    choices = chance.sample(item.choices, len(item.choices))
    lines = [f"{letter}) {choice}" for letter, choice in zip("ABCDEFGH", choices, strict=False)]
    return "\n".join([item.question, *lines])


def choices_first(item: Item, chance: random.Random, _: list[str]) -> str | None:
    if len(item.choices) < 3:
        return None
    return "\n".join([*chance.sample(item.choices, len(item.choices)), item.question])


def of_code(alter: Callable[[str], str]) -> Sibling:
    return lambda item, _, __: alter(item.text) if item.test_set == "human_eval" else None


def renamed(code: str) -> str:
    """With other names of functions, arguments and variables."""
    kept = {
        "List",
        "Tuple",
        "Optional",
        "Any",
        "Dict",
        "self",
        "None",
        "True",
        "False",
        "int",
        "str",
        "float",
    }
    names = set(re.findall(r"def (\w+)", code)) | set(re.findall(r"(\w+)\s*(?::|=[^=])", code))
    names |= set(re.findall(r"for (\w+) in", code))
    for number, name in enumerate(sorted(names - kept)):
        if name.isidentifier() and name not in {"else", "try", "lambda"}:
            code = re.sub(rf"\b{name}\b", f"value{number}", code)
    return code


def camel_case(code: str) -> str:
    return re.sub(r"(?<=[a-z])_([a-z])", lambda found: found.group(1).upper(), code)


def without_examples(code: str) -> str:
    """Without the examples of its docstring."""
    lines = code.split("\n")
    return "\n".join(
        line for at, line in enumerate(lines) if ">>>" not in line and (not at or ">>>" not in lines[at - 1])
    )


def of_mathematics(alter: Callable[[str], str]) -> Sibling:
    return lambda item, _, __: alter(item.text) if item.test_set == "gsm8k" else None


def in_formulas(text: str) -> str:
    """With its numbers and operations as LaTeX, and without the marks of GSM8K."""
    text = re.sub(r"<<[^>]*>>", "", text).replace("####", "Answer:")
    text = re.sub(r"\$?(\d+)/(\d+)", r"\\(\\frac{\1}{\2}\\)", text)
    return re.sub(r"(?<![\\{\d])\$?(\d[\d,.]*\d|\d)(?![\d}])", r"\\(\1\\)", text.replace("*", r"\times "))


def escaped_twice(item: Item, _: random.Random, __: list[str]) -> str:
    """As HTML whose entities were escaped once more, a sentence a table cell."""
    cells = re.split(r"(?<=[.?!])\s", html.escape(html.escape(item.text)))
    return "".join(f"<tr><td>{cell}</td></tr>" for cell in cells)


LEAKS: dict[str, Sibling] = {
    "full-width letters": wide,
    "ligatures": ligatures,
    "signs of direction, joiners": directed,
    "hyphenated lines": hyphenated,
    "numbered lines": numbered_lines,
    "halves, 60 words between": halves,
    "choices in another order": shuffled,
    "choices before the question": choices_first,
    "HTML escaped twice, in cells": escaped_twice,
    "code: other names": of_code(renamed),
    "code: camel case": of_code(camel_case),
    "code: tabs for spaces": of_code(lambda code: code.replace("    ", "\t")),
    "code: without examples": of_code(without_examples),
    "GSM8K: formulas in LaTeX": of_mathematics(in_formulas),
}
OF_LANGUAGES: dict[str, Sibling] = {
    "NFD": normal("NFD"),
    "NFKD": normal("NFKD"),
    "NFC": normal("NFC"),
    "without accents and points": without_accents,
}


def other_numbers(item: Item, chance: random.Random, _: list[str]) -> str | None:
    """The same story with other numbers: another exercise, not the item."""
    if item.test_set != "gsm8k":
        return None
    return re.sub(r"\d+", lambda found: str(_other(found.group(), chance)), item.question)


def _other(number: str, chance: random.Random) -> int:
    low, high = 10 ** (len(number) - 1), 10 ** len(number)
    return next(
        found for found in iter(lambda: chance.randrange(low, high + 1), None) if str(found) != number
    )


def same_choices(item: Item, _: random.Random, words: list[str]) -> str | None:
    """Another question with the first half of the choices."""
    if len(item.choices) < 4:
        return None
    return "\n".join([f"{' '.join(words[:20])}?", *item.choices[: len(item.choices) // 2]])


def signature(item: Item, _: random.Random, words: list[str]) -> str | None:
    """Another function with the same imports and the same kind of signature."""
    if item.test_set != "human_eval":
        return None
    head = item.question.partition('"""')[0]
    return f'{head}"""{" ".join(words[:20])}"""\n    return None\n'


def beginning(item: Item, _: random.Random, __: list[str]) -> str | None:
    """A third of the item: a quotation of a well-known text, not the item."""
    parts = item.question.split()
    return " ".join(parts[: len(parts) // 3]) if len(parts) > 30 else None


NO_LEAKS: dict[str, Sibling] = {
    "other numbers": other_numbers,
    "half of the choices": same_choices,
    "imports and signature": signature,
    "a third of the question": beginning,
}


def share(
    name: str, sibling: Sibling, items: list[Item], known: Matcher, hosts: list[str]
) -> tuple[list[int], list[int]]:
    """The items that have this sibling, and those of them whose document is removed."""
    chance, texts, numbers = random.Random(f"{SEED} {name}"), [], []
    for number, item in enumerate(items):
        host = hosts[number % len(hosts)]
        if (text := sibling(item, chance, host.split())) is not None:
            texts.append(inject(host, text, chance))
            numbers.append(number)
    removed = {
        item
        for document, item, is_removed, _ in judged(texts, known)
        if is_removed and numbers[document] == item
    }
    return numbers, sorted(removed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--items", type=int, default=600)
    parser.add_argument("--missed", type=int, default=0, help="siblings to print that were judged wrongly")
    options = parser.parse_args()
    items = sorted(shared_items(options.data / "testsets"), key=lambda item: item.test_set == "lambada")
    items = items[: options.items]
    languages = udhr_items(options.data)
    clean = documents(options.data, 20_000, 200, 400)
    hosts = documents(options.data, 2_000, 300, 600)
    print("| sibling | items | removed | |\n|---|---|---|---|")
    for of, kinds, wanted in (
        (items, LEAKS, True),
        (languages, OF_LANGUAGES, True),
        (items, NO_LEAKS, False),
    ):
        known = build(of, clean)
        for name, sibling in kinds.items():
            numbers, removed = share(name, sibling, of, known, hosts)
            goal = "a leak" if wanted else "no leak"
            print(
                f"| {name} | {len(numbers)} | {len(removed) / max(1, len(numbers)):.3f} | {goal} |",
                flush=True,
            )
            wrong = sorted(set(numbers) - set(removed)) if wanted else removed
            for number in wrong[: options.missed]:
                print(f"    wrong: {of[number].test_set} {of[number].name}: {of[number].text[:200]!r}")


if __name__ == "__main__":
    main()
