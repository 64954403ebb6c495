"""Matches documents with test items: as whole documents, like the paper, or wherever an item is embedded in them."""

import collections
import posixpath
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pyarrow as pa

from massivetext.filters.similarity import contamination, embedded
from massivetext.filters.similarity.beside import share_beside
from massivetext.filters.similarity.embedded import Matcher
from massivetext.filters.similarity.terms import words
from massivetext.filters.similarity.test_items import Part, Role
from massivetext.pipeline.runtime.for_a_step import kept_for_a_step
from massivetext.pipeline.stages.decontaminate import rarity
from massivetext.pipeline.stages.decontaminate.test_sets.item_file import ItemFile
from massivetext.pipeline.stages.decontaminate.test_sets.read import index, parts
from massivetext.schemas.duplicate import CONTAMINATION

REMOVED: dict[str, tuple[Role, ...]] = {
    "item": ("question", "answer"),
    "passage": ("question", "answer", "passage"),
}
"""For each value of `decontaminate.remove`, the roles of an item's parts that remove a document: a document goes if it
holds nearly the whole of such a part."""

MISSING = 100
"""The most words of a part that are stored as missing from a document."""


class Search(Protocol):
    """Matches a batch with the columns `id` and `text`, and returns rows of CONTAMINATION. It can be pickled."""

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch: ...


@dataclass(frozen=True)
class DocumentCopies:
    """Gopher's rule: removes a document if the Jaccard similarity of its n-grams to an item's exceeds the threshold."""

    test_files: tuple[ItemFile, ...]
    threshold: float
    containment: float | None
    shingle: int

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        known = index(self.test_files, self.shingle)
        found = contamination.match(batch, known)
        jaccard, containment = (found.column(name).to_numpy() for name in ("jaccard", "containment"))
        removed = jaccard > self.threshold
        if self.containment is not None:
            removed |= containment >= self.containment
        items = found.column("item").to_numpy()
        return _table(
            len(found),
            id=batch.column("id").take(found.column("document")),
            test_set=pa.array([known.test_sets[item] for item in items], pa.string()),
            item=pa.array([known.items[item] for item in items], pa.string()),
            role=pa.array(["document"] * len(found), pa.string()),
            containment=found.column("containment"),
            jaccard=found.column("jaccard"),
            longest_run=found.column("longest_run"),
            removed=pa.array(removed),
        )


@dataclass(frozen=True)
class EmbeddedItems:
    """Finds embedded items: removes a document if it holds nearly the whole of a part in one of `roles`."""

    out: str = field(repr=False)
    test_files: tuple[ItemFile, ...]
    roles: tuple[Role, ...]
    counts: str  # SHA-256 of the file with the counts of words (rarity.PATH)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        known = matcher(self.out, self.test_files, self.counts)
        found = embedded.match(batch, known)
        matched = [known.items.parts[part] for part in found.column("part").to_pylist()]
        removes = np.array([part.role in self.roles for part in matched], bool) & ~_within_passage(
            found, matched
        )
        return _table(
            len(found),
            id=batch.column("id").take(found.column("document")),
            test_set=pa.array([part.test_set for part in matched], pa.string()),
            item=pa.array([part.item for part in matched], pa.string()),
            role=pa.array([part.role for part in matched], pa.string()),
            containment=found.column("held"),
            score=found.column("bits"),
            longest_run=found.column("longest_run"),
            start=found.column("start"),
            end=found.column("end"),
            missing=pa.array(
                [
                    _words(part, numbers)
                    for part, numbers in zip(matched, found.column("missing").to_pylist(), strict=True)
                ],
                pa.list_(pa.string()),
            ),
            answer=_answers(batch, found, matched, answers(self.test_files)),
            removed=pa.array(removes & found.column("nearly_whole").to_numpy(zero_copy_only=False)),
        )


@kept_for_a_step
def matcher(out: str, test_files: tuple[ItemFile, ...], counts: str) -> Matcher:
    """Returns the matcher of a run, built once in each process."""
    items = parts(test_files)
    return Matcher.build(items, rarity.read(posixpath.join(out, rarity.PATH), counts))


@kept_for_a_step
def answers(test_files: tuple[ItemFile, ...]) -> dict[tuple[str, str], str]:
    """Returns the answer of each item that has one, by test set and item."""
    found: dict[tuple[str, str], list[str]] = collections.defaultdict(list)
    for part in parts(test_files).parts:
        if part.role == "answer":
            found[part.test_set, part.item].append(part.text)
    return {key: "\n".join(texts) for key, texts in found.items()}


def _within_passage(found: pa.RecordBatch, matched: list[Part]) -> np.ndarray:
    """Whether each match is a question found only inside the passage that it asks about: that is no sign of a leak."""
    columns = (found.column(name).to_pylist() for name in ("document", "start", "end"))
    rows = [((document, part.test_set, part.item), start, end) for part, document, start, end in
            zip(matched, *columns, strict=True)]  # fmt: skip
    passages = {
        key: (start, end)
        for part, (key, start, end) in zip(matched, rows, strict=True)
        if part.role == "passage"
    }
    within = [
        part.role == "question" and key in passages and passages[key][0] <= start and end <= passages[key][1]
        for part, (key, start, end) in zip(matched, rows, strict=True)
    ]
    return np.array(within, bool)


def _words(part: Part, numbers: list[int]) -> list[str]:
    """Returns the words of a part with these numbers, at most MISSING of them."""
    all_words = words(part.text)
    return [all_words[number] for number in numbers[:MISSING]]


def _answers(
    batch: pa.RecordBatch, found: pa.RecordBatch, matched: list[Part], known: dict[tuple[str, str], str]
) -> pa.Array:
    shares: list[float | None] = []
    for row, part in enumerate(matched):
        answer = known.get((part.test_set, part.item)) if part.role == "question" else None
        if answer is None:
            shares.append(None)
            continue
        text = batch.column("text")[found.column("document")[row].as_py()].as_py()
        shares.append(share_beside(text, found.column("end")[row].as_py(), answer))
    return pa.array(shares, pa.float64())


def _table(rows: int, **columns: pa.Array) -> pa.RecordBatch:
    """Returns rows of CONTAMINATION. A column that is not given is null."""
    arrays = [columns.get(field.name, pa.nulls(rows, field.type)) for field in CONTAMINATION]
    return pa.RecordBatch.from_arrays(arrays, schema=CONTAMINATION)
