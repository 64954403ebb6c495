"""Counts mentions of two groups of people, and the words near them, in the documents that the rules keep."""

import re
from collections import Counter
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.features import count
from massivetext.filters.language.language import matches
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages.report.associations.lists import Lists, variants
from massivetext.pipeline.stages.report.documents.stretch import Stretch


class Near:
    """Counts the documents of a part.

    Its figures are searched (the documents, with their words as tokens), by name; mention, by `name person`; and near,
    by `name variant person word`, all with matches as tokens. A variant is its number among those of the lists'
    templates.
    """

    def __init__(self, source: str, associations: Mapping[str, Lists]) -> None:
        self._source = source
        self._searches = [_Search(name, lists) for name, lists in associations.items()]
        self.tally = Tally()

    def count(self, stretch: Stretch, taken: npt.NDArray[np.bool_]) -> None:
        """Count the documents that are `taken` and measured, if the rules keep them."""
        if stretch.removed_by() is not None:
            return
        measured = stretch.columns.column("word_count").is_valid().to_numpy(zero_copy_only=False)
        for rows, texts in stretch.texts(np.flatnonzero(taken & measured)):
            chosen = stretch.columns.take(pa.array(rows))
            for search in self._searches:
                search.count(self.tally, self._source, chosen, texts)


class _Search:
    def __init__(self, name: str, lists: Lists) -> None:
        self._name, self._language = name, lists.language
        people = sorted(map(re.escape, lists.people), key=len, reverse=True)
        self._people = re.compile(rf"\b(?:{'|'.join(people)})\b")
        patterns = [variant.pattern(lists) for variant in variants(lists)]
        self._variants = [(_without_names(pattern), re.compile(pattern)) for pattern in patterns]

    def count(self, tally: Tally, source: str, chosen: pa.RecordBatch, texts: pa.Array) -> None:
        if self._language is not None:
            labels = chosen.column("language").unique().to_pylist()
            own = [label for label in labels if label and matches(label, self._language)]
            is_own = pc.is_in(chosen.column("language"), pa.array(own, pa.string()))
            chosen, texts = chosen.filter(is_own), texts.filter(is_own)
        words = int(pc.sum(chosen.column("word_count")).as_py() or 0)
        tally.add(source, Figure.SEARCHED, self._name, len(texts), tokens=words)
        lower = pc.utf8_lower(texts)
        mentions: Counter[str] = Counter()
        for text in lower.to_pylist():
            mentions.update(self._people.findall(text))
        for person, found in mentions.items():
            tally.add(source, Figure.MENTION, f"{self._name} {person}", tokens=found)
        for number, (prefilter, pattern) in enumerate(self._variants):
            having = np.flatnonzero(count(lower, prefilter))
            pairs = Counter(
                (match["person"], match["word"])
                for text in lower.take(pa.array(having)).to_pylist()
                for match in pattern.finditer(text)
            )
            for (person, word), found in pairs.items():
                tally.add(source, Figure.NEAR, f"{self._name} {number} {person} {word}", tokens=found)


def _without_names(pattern: str) -> str:
    """Returns the pattern without named groups, which RE2 then need not record."""
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)
