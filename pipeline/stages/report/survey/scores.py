"""Counts scores in columns of the sources' own: for all documents, and for those that rules remove."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.pipeline.read.kept_columns import column_name
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages.report.documents.stretch import Stretch
from massivetext.pipeline.stages.report.survey.members import REMOVED

UNIT = 1_000_000
"""Sums of scores are counted in millionths, so that they add up exactly."""


class Scores:
    """Counts the documents of a part that have a score. Stores the sum of scores as tokens and the sum of their
    squares as bytes, both in UNITs. Its figures are score, by name, and score_broken, by `name rule`; REMOVED means
    any rule.
    """

    def __init__(self, source: str, names: Sequence[str]) -> None:
        self._source, self._names = source, names
        self.tally = Tally()

    def count(self, stretch: Stretch) -> None:
        """Count a stretch's documents."""
        for name in self._names:
            if (column := column_name(name)) not in stretch.columns.schema.names:
                continue
            if not pa.types.is_floating((scores := stretch.columns.column(column)).type):
                scores = pc.cast(scores, pa.float64(), safe=False)
            values = scores.to_numpy(zero_copy_only=False)
            told = np.isfinite(values)
            self._add(Figure.SCORE, name, values[told])
            if stretch.removed_by() is None:
                continue
            self._add(Figure.SCORE_BROKEN, f"{name} {REMOVED}", values[told])
            failed = stretch.columns.column("failed_rules")
            rows, rules = pc.list_parent_indices(failed).to_numpy(), failed.flatten()
            for rule in pc.unique(rules).to_pylist():
                own = rows[pc.equal(rules, rule).to_numpy(zero_copy_only=False)]
                self._add(Figure.SCORE_BROKEN, f"{name} {rule}", values[own[told[own]]])

    def _add(self, figure: Figure, key: str, values: np.ndarray) -> None:
        if len(values):
            sums = (round(UNIT * float(one.sum())) for one in (values * values, values))
            self.tally.add(self._source, figure, key, len(values), *sums)
