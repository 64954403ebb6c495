"""Finds the members of audited groups among a part's documents, and the rules that they break."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.features import count
from massivetext.pipeline.config.audit import Audit
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages.report.documents.stretch import Stretch
from massivetext.pipeline.stages.report.groups import Group, members

Mask = npt.NDArray[np.bool_]

REMOVED = "removed"
"""Stands for "any rule" in the keys of figures."""


class Members:
    """Counts the documents of a part.

    Its figures are, by group, audited (the documents searched, with their words as tokens), feature (the documents with
    a feature, with their features as tokens), member and member_removed; by `group rule`, audited_broken and
    member_broken; by `group number`, the number of a pattern, matches as tokens; and by `group number rule`,
    matches_broken as tokens. REMOVED stands for any rule.
    """

    def __init__(self, source: str, audit: Audit, groups: Sequence[Group]) -> None:
        self._source, self._audit, self._groups = source, audit, groups
        self.tally = Tally()

    def count(self, stretch: Stretch, taken: Mask) -> dict[str, npt.NDArray[np.float64]]:
        """Count the documents that are `taken` and measured. Returns, for each audited group, 0 for each member and
        infinity for all other documents.
        """
        measured = stretch.columns.column("word_count").is_valid().to_numpy(zero_copy_only=False)
        scores = {group.name: np.full(len(taken), np.inf) for group in self._groups}
        for rows, texts in stretch.texts(np.flatnonzero(taken & measured)):
            chosen = stretch.columns.take(pa.array(rows))
            for group in self._groups:
                may = group.may_hold(chosen)
                belongs = self._search(group, chosen.filter(pa.array(may)), texts.filter(pa.array(may)))
                scores[group.name][rows[may][belongs]] = 0.0
        return scores

    def _search(self, group: Group, chosen: pa.RecordBatch, texts: pa.Array) -> Mask:
        """Count the documents that may be in a group. Returns which of them are."""
        words, sizes = chosen.column("word_count").to_numpy(), chosen.column("text_bytes").to_numpy()
        self.tally.add(
            self._source, Figure.AUDITED, group.name, len(texts), int(sizes.sum()), int(words.sum())
        )
        for rule, rows in _broken(chosen):
            key, tokens = f"{group.name} {rule}", int(words[rows].sum())
            self.tally.add(self._source, Figure.AUDITED_BROKEN, key, len(rows), tokens=tokens)
        features = group.features(texts)
        belongs = members(self._audit, features, words)
        self._count_group(group.name, chosen, features, belongs, sizes)
        self._count_patterns(group, chosen, texts, features)
        return belongs

    def _count_patterns(
        self, group: Group, chosen: pa.RecordBatch, texts: pa.Array, features: npt.NDArray[np.int64]
    ) -> None:
        """Count the matches of each of the group's patterns, in the few texts that have a feature at all."""
        having = np.flatnonzero(features)
        broken = list(_broken(chosen.take(pa.array(having)))) if len(having) else []
        some = texts.take(pa.array(having))
        for number, pattern in enumerate(group.patterns):
            matches = count(some, pattern)
            if not matches.any():
                continue
            key = f"{group.name} {number}"
            self.tally.add(self._source, Figure.MATCHES, key, tokens=int(matches.sum()))
            for rule, rows in broken:
                if found := int(matches[rows].sum()):
                    self.tally.add(self._source, Figure.MATCHES_BROKEN, f"{key} {rule}", tokens=found)

    def _count_group(
        self,
        name: str,
        chosen: pa.RecordBatch,
        features: npt.NDArray[np.int64],
        belongs: Mask,
        sizes: npt.NDArray[np.int64],
    ) -> None:
        any_ = features > 0
        self.tally.add(
            self._source, Figure.FEATURE, name, int(any_.sum()), int(sizes[any_].sum()), int(features.sum())
        )
        self.tally.add_selected(self._source, Figure.MEMBER, name, belongs, sizes)
        if "failed_rules" not in chosen.schema.names:
            return
        self.tally.add_selected(self._source, Figure.MEMBER_REMOVED, name, belongs, sizes)
        broken = chosen.column("failed_rules").filter(pa.array(belongs)).flatten()
        for entry in pc.value_counts(broken).to_pylist():
            self.tally.add(self._source, Figure.MEMBER_BROKEN, f"{name} {entry['values']}", entry["counts"])


def _broken(chosen: pa.RecordBatch) -> Iterator[tuple[str, npt.NDArray[np.int64]]]:
    """The rows that break any rule, then those that break each rule."""
    if "failed_rules" not in chosen.schema.names:
        return
    yield REMOVED, np.arange(len(chosen))
    failed = chosen.column("failed_rules")
    rows, rules = pc.list_parent_indices(failed).to_numpy(), failed.flatten()
    for rule in pc.unique(rules).to_pylist():
        yield rule, rows[pc.equal(rules, rule).to_numpy(zero_copy_only=False)].astype(np.int64)
