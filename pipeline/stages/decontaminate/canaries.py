"""Canaries: measures how many altered test items the search of this run finds in copies of the run's documents.

Some items, chosen by the seed, are put into copies of documents in memory, in every form of filters.similarity.forms.
The search judges the copies like all documents. The report shows the share found of each form.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from massivetext.filters.similarity.forms import FORMS, inject
from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.runtime.candidates import Candidates
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages.decontaminate.searches import Search
from massivetext.pipeline.stages.decontaminate.test_sets.item_file import Item, ItemFile
from massivetext.pipeline.stages.decontaminate.test_sets.read import items
from massivetext.pipeline.storage.output import Output

STEP = "decontaminate/canaries"
ITEMS = 64
HOSTS = 64
HOST_CHARACTERS = 20_000


@dataclass(frozen=True)
class Canaries:
    """The only item of this step, with the parts whose documents are copied."""

    part: int
    hosts: tuple[Candidates, ...]


@dataclass(frozen=True)
class Release:
    """Works on the only item. Figures: canaries, and canaries found, by form."""

    out: str = field(repr=False)
    test_files: tuple[ItemFile, ...]
    seed: int
    search: Search

    def __call__(self, item: Canaries, _output: Output) -> Tally:
        tally = Tally()
        chosen = _chosen([(file.name, one) for file in self.test_files for one in items(file)], self.seed)
        hosts = _hosts(self.out, item.hosts)
        for name, form in FORMS.items() if hosts else ():
            chance, texts = random.Random(f"{self.seed} {name}"), []
            for number, (_test_set, one) in enumerate(chosen):
                host = hosts[number % len(hosts)]
                texts.append(inject(host, form(_question(one), chance, host.split()), chance))
            found = _found(self.search, texts, chosen)
            tally.add("", Figure.CANARIES, name, documents=len(chosen))
            tally.add("", Figure.CANARIES_FOUND, name, documents=found)
        return tally


def found(out: str) -> dict[str, tuple[int, int]]:
    """Returns how many canaries were tried and how many were found, by form."""
    tally = Tally.of(rows(out, STEP))
    return {
        form: (
            tally.count("", Figure.CANARIES, form).documents,
            tally.count("", Figure.CANARIES_FOUND, form).documents,
        )
        for form in FORMS
    }


def _chosen(known: list[tuple[str, Item]], seed: int) -> list[tuple[str, Item]]:
    """Returns up to ITEMS random items, as evenly from all test sets as they allow."""
    chance = random.Random(f"{seed} canaries")
    by_set: dict[str, list[tuple[str, Item]]] = {}
    for test_set, item in known:
        if _question(item).strip():
            by_set.setdefault(test_set, []).append((test_set, item))
    share = -(-ITEMS // max(1, len(by_set)))
    chosen = [one for found in by_set.values() for one in chance.sample(found, min(share, len(found)))]
    return chosen[:ITEMS]


def _question(item: Item) -> str:
    """Returns the text that a leak of the item would hold: its question, or its whole text if it has none."""
    return "\n".join(text for role, text in item.parts if role == "question") or item.text


def _hosts(out: str, parts: Sequence[Candidates]) -> list[str]:
    """Returns up to HOSTS texts of the run, in the order of the parts."""
    hosts: list[str] = []
    for item in parts:
        gone = candidates.duplicates(out, item.part)
        for batch in candidates.without(out, item, ["id", "text"], gone):
            texts = batch.column("text").slice(0, HOSTS).to_pylist()
            hosts += [text[:HOST_CHARACTERS] for text in texts if text.strip()]
            if len(hosts) >= HOSTS:
                return hosts[:HOSTS]
    return hosts


def _found(search: Search, texts: list[str], chosen: list[tuple[str, Item]]) -> int:
    """Returns how many documents the search would remove for the item that each holds."""
    ids = [str(number) for number in range(len(texts))]
    batch = pa.record_batch({"id": pa.array(ids, pa.string()), "text": pa.array(texts, pa.string())})
    rows = search(batch).select(["id", "test_set", "item", "removed"]).to_pylist()
    removed = {(row["id"], row["test_set"], row["item"]) for row in rows if row["removed"]}
    return sum(
        (id_, test_set, item.name) in removed for id_, (test_set, item) in zip(ids, chosen, strict=True)
    )
