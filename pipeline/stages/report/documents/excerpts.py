"""Excerpts: fetches the few documents that the page shows, and cuts from each the stretch that is shown."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.pipeline.stages.report.documents.marks import Span, differences, shared
from massivetext.pipeline.stages.report.documents.stretch import Place, read_group, read_verdicts, stretches
from massivetext.pipeline.stages.report.stats_part import Excerpt
from massivetext.pipeline.storage import files, layout

CHARACTERS = 1200
_LOOKED_AT = 12_000  # characters in which slow marks are looked for
SEARCHED = 2_000_000  # characters in which fast marks are looked for
WITHIN = 3  # words of the shortest run that is marked in a document and the test item found in it
_BEFORE = 200  # characters shown before the first mark
_FACTS = ("id", "source", "url", "title", "language")
SHOWN = (*_FACTS, "text")
"""The columns that an excerpt needs."""

Document = dict[str, Any]
"""A row of documents/, or those of its columns that were fetched; its source; and if it was removed, its verdict."""


def fetch(out: str, places: Iterable[Place], only: Sequence[str] = ()) -> dict[Place, Document]:
    """The documents at these places, with all columns or `only` some. Each row group is read once.

    A document that a rule removed also has `removed_by` and `failed_rules`.
    """
    wanted: dict[tuple[str, int], list[Place]] = defaultdict(list)
    for place in sorted(set(places)):
        wanted[place.path, place.group].append(place)
    found = {}
    for (path, group), of_group in wanted.items():
        batch, verdicts = read_group(out, path, group, only), read_verdicts(out, path, group)
        for place in of_group:
            [judged] = verdicts.slice(place.row, 1).to_pylist()
            found[place] = {
                **batch.slice(place.row, 1).to_pylist()[0],
                "source": layout.source_of(place.path),
                **(judged if judged["removed_by"] is not None else {}),
            }
    return found


def find(out: str, sources: Sequence[str], ids: Sequence[str]) -> dict[str, Place]:
    """The places in documents/ of the documents with these ids. Reads the column of ids, and no other."""
    found: dict[str, Place] = {}
    wanted = pa.array(sorted(set(ids)), pa.string())
    if len(wanted) == 0:
        return found
    for source in sources:
        for path, _ in files.match(f"{out}/{layout.documents_of(source)}"):
            inside = layout.documents(source, layout.part_of(path))
            for stretch in stretches(out, inside, ["id"]):
                column = stretch.columns.column("id")
                hits = pc.is_in(column, wanted).to_numpy(zero_copy_only=False)
                for row in np.flatnonzero(hits):
                    found[column[int(row)].as_py()] = stretch.place(int(row))
    return found


def about(document: Document, mark: Callable[[str], Sequence[Span]], within: int = _LOOKED_AT) -> Excerpt:
    """The stretch around the first mark that `mark` finds in the first `within` characters of the text."""
    found = mark(document["text"][:within])
    first = found[0][0] if found else 0
    start = 0
    if first > CHARACTERS - _BEFORE:
        space = document["text"].find(" ", first - _BEFORE, first)  # start at a word
        start = space + 1 if space >= 0 else first - _BEFORE
    return _excerpt(document, start, found)


def beside(document: Document, other: Document) -> tuple[Excerpt, Excerpt]:
    """Two similar documents, from a little before their first difference, with the differences marked."""
    texts = document["text"], other["text"]
    common = next((at for at, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts)))
    is_late = CHARACTERS // 2 < common < max(map(len, texts))
    start = common - _BEFORE if is_late else 0
    windows = [text[start : start + 2 * CHARACTERS] for text in texts]
    shown = []
    for one, spans in zip((document, other), differences(*windows), strict=True):
        shown.append(_excerpt(one, start, [(start + a, start + b) for a, b in spans]))
    return shown[0], shown[1]


def item(test_set: str, name: str, text: str) -> Document:
    """A test item with the columns that an excerpt needs."""
    return {"id": name, "source": test_set, "text": text, "url": None, "title": None, "language": None}


def matching(
    document: Document, question: Document, match: Mapping[str, Any], n: int
) -> tuple[Excerpt, Excerpt]:
    """A document and a test item, around the words that they share, which are marked. If `match`, a row of
    contaminated/, has a span, only words within the span are marked; else those of all n-grams that both hold.
    """
    if match["start"] is None:
        found = shared(document["text"][:SEARCHED], question["text"][:SEARCHED], n)
    else:
        before, inside = _cut(document["text"], match["start"], match["end"])
        spans, in_item = shared(inside[:SEARCHED], question["text"][:SEARCHED], WITHIN)
        found = [(before + start, before + end) for start, end in spans], in_item
    one, other = (
        about(of, lambda _, spans=spans: spans)  # type: ignore[misc]
        for of, spans in zip((document, question), found, strict=True)
    )
    return one, other


def _cut(text: str, start: int, end: int) -> tuple[int, str]:
    """The part of a text from byte `start` to byte `end`: the number of characters before it, and the part."""
    whole = text.encode()
    return len(whole[:start].decode()), whole[start:end].decode()


def beginning(document: Document) -> Excerpt:
    """The beginning of a document."""
    return _excerpt(document, 0, [])


def _excerpt(document: Document, start: int, spans: Sequence[Span]) -> Excerpt:
    text = document["text"]
    end = min(len(text), start + CHARACTERS)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    return Excerpt(
        **{name: document[name] for name in _FACTS},
        text=text[start:end],
        start=start,
        characters=len(text),
        marks=inside,
        failed_rules=document.get("failed_rules", []),
    )
