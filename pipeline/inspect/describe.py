"""Describes documents: what became of each, how it was measured, and which parts of its text explain that."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from massivetext.filters.families.family import LimitRule
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.rules import Judges
from massivetext.pipeline.inspect.question import Asked
from massivetext.pipeline.stages.decontaminate.test_sets import stored as test_items
from massivetext.pipeline.stages.report.documents import excerpts
from massivetext.pipeline.stages.report.documents.excerpts import Document
from massivetext.pipeline.stages.report.documents.marks import features, marks
from massivetext.pipeline.stages.report.documents.stretch import Place
from massivetext.pipeline.stages.report.stats_part import Excerpt
from massivetext.pipeline.storage import files, layout, parquet

KEPT = "kept"


class Measured(NamedTuple):
    """A measurement by which a rule judges the document."""

    name: str
    value: float
    minimum: float | None
    maximum: float | None
    is_broken: bool


@dataclass(frozen=True)
class Described:
    """A document and what became of it. `fate` is kept, a rule, url, exact, near or contaminated; `facts` tells why."""

    document: Document
    fate: str
    facts: dict[str, Any]  # failed_rules; or the row of duplicates/ or contaminated/
    measured: list[Measured]
    excerpt: Excerpt  # the text around the passages for which it was removed, which are marked
    other: Excerpt | None  # the survivor or the test item, if this run holds it


def describe(
    out: str, config: Config, judging: Judges, asked: Asked, places: Sequence[Place]
) -> Iterator[Described]:
    """Describes the documents at `places`, in the order of the places."""
    documents = excerpts.fetch(out, places)
    fates = {place: _fate(out, documents[place], layout.part_of(place.path)) for place in places}
    survivors = [
        str(facts["survivor_id"])
        for _, facts in fates.values()
        if facts.get("survivor_id") and facts["survivor_output"] is None
    ]
    where = excerpts.find(out, list(config.sources), survivors)
    found = excerpts.fetch(out, where.values())
    others = {id_: found[place] for id_, place in where.items()}
    wanted = {(facts["test_set"], facts["item"]) for _, facts in fates.values() if "test_set" in facts}
    items = dict(test_items.texts(out, wanted))
    for place in places:
        document, (fate, facts) = documents[place], fates[place]
        if facts.get("survivor_id") in others:
            excerpt, other = excerpts.beside(document, others[facts["survivor_id"]])
        elif (text := items.get((facts.get("test_set", ""), facts.get("item", "")))) is not None:
            item = excerpts.item(facts["test_set"], facts["item"], text)
            excerpt, other = excerpts.matching(document, item, facts, config.decontaminate.shingle)
        else:
            mark = partial(marks, rule=asked.near_limit or fate)
            if asked.text is not None:
                mark = partial(features, pattern=re.escape(asked.text))
            excerpt, other = excerpts.about(document, mark), None
        measured = list(_measured(document, judging))
        yield Described(document, fate, facts, measured, excerpt, other)


def _fate(out: str, document: Document, part: int) -> tuple[str, dict[str, Any]]:
    if "removed_by" in document:
        return document["removed_by"], {"failed_rules": document["failed_rules"]}
    for row in _rows(out, layout.duplicates(part)):
        if row["id"] == document["id"]:
            return row["kind"], row
    for row in _rows(out, layout.contaminated(part)):
        if row["id"] == document["id"] and row["removed"]:
            return "contaminated", row
    return KEPT, {}


def _rows(out: str, path: str) -> list[dict[str, Any]]:
    full = posixpath.join(out, path)
    rows: list[dict[str, Any]] = parquet.read(full).to_pylist() if files.exists(full) else []
    return rows


def _measured(document: Document, judging: Judges) -> Iterator[Measured]:
    for rule in judging[document["source"]]:
        if isinstance(rule, LimitRule) and document[rule.name] is not None:
            broken = rule.name in document.get("failed_rules", ())
            limit = rule.limit_of(document["language"])
            yield Measured(rule.name, document[rule.name], limit.minimum, limit.maximum, broken)
