"""How documents are matched with test items: as the paper did, or wherever an item stands in them."""

import collections
import functools
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
from massivetext.pipeline.stages.decontaminate import rarity
from massivetext.pipeline.stages.decontaminate.test_sets.item_file import ItemFile
from massivetext.pipeline.stages.decontaminate.test_sets.read import index, parts
from massivetext.schemas.duplicate import CONTAMINATION

REMOVED: dict[str, tuple[Role, ...]] = {
    "item": ("question", "answer"),
    "passage": ("question", "answer", "passage"),
}
"""The roles whose parts remove a document that holds them nearly whole, by `decontaminate: {remove: ...}`."""

MISSING = 100
"""How many of the words that a document does not have are stored, at most."""


class Search(Protocol):
    """Matches a batch with columns `id` and `text`; gives rows of CONTAMINATION. It pickles."""

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch: ...


@dataclass(frozen=True)
class DocumentCopies:
    """Gopher's rule: a document goes whose 13-gram Jaccard with an item exceeds the threshold."""

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
    """Items wherever they stand: a document goes that holds a part in one of these roles nearly whole."""

    out: str = field(repr=False)
    test_files: tuple[ItemFile, ...]
    roles: tuple[Role, ...]
    counts: str  # SHA-256 of the file that says how rare words are

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


@functools.lru_cache(maxsize=1)
def matcher(out: str, test_files: tuple[ItemFile, ...], counts: str) -> Matcher:
    """The matcher of a run, built once a process."""
    items = parts(test_files)
    return Matcher.build(items, rarity.read(posixpath.join(out, rarity.PATH), counts))


@functools.lru_cache(maxsize=1)
def answers(test_files: tuple[ItemFile, ...]) -> dict[tuple[str, str], str]:
    """The answer of each item that has one, by test set and item."""
    found: dict[tuple[str, str], list[str]] = collections.defaultdict(list)
    for part in parts(test_files).parts:
        if part.role == "answer":
            found[part.test_set, part.item].append(part.text)
    return {key: "\n".join(texts) for key, texts in found.items()}


def _within_passage(found: pa.RecordBatch, matched: list[Part]) -> np.ndarray:
    """Which questions are found only in the words of the passage that they ask about, and so are not told by it."""
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
    """Some of a part's words, and no more than anyone reads."""
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
    """Rows of CONTAMINATION; a column that is not given is null."""
    arrays = [columns.get(field.name, pa.nulls(rows, field.type)) for field in CONTAMINATION]
    return pa.RecordBatch.from_arrays(arrays, schema=CONTAMINATION)
