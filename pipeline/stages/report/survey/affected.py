"""Who is affected: counts what the rules remove by language, licence, length of text, and part of the web."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.families.robots import KNOWN, names
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages.report.documents.stretch import Stretch
from massivetext.pipeline.stages.report.survey import domains
from massivetext.pipeline.stages.report.survey.domains import Domains

LENGTHS = np.array([0, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000])
"""The numbers of words at which the classes of length begin."""

GROUPS = ("licence", "asked", "length", "top_level")


class Affected:
    """Counts the documents of a part. Its figures are rule_language, by `rule language`; those of Domains; and for each
    of GROUPS the documents read and removed by its value, as `licence` and `licence_removed`.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._tally = Tally()
        self.domains = Domains(source)

    def count(self, stretch: Stretch) -> None:
        columns = stretch.columns
        is_removed = stretch.removed_by() is not None
        hosts = domains.hosts(columns.column("url"))
        values = {
            Figure.LICENCE: columns.column("licence"),
            Figure.ASKED: _asked(columns.column("robots")),
            Figure.LENGTH: _length(columns.column("word_count")),
            Figure.TOP_LEVEL: pc.struct_field(pc.extract_regex(hosts, r"(?P<last>[^.]+)\.?$"), "last"),
        }
        for figure, array in values.items():
            for value, documents in _counted(array).items():
                self._tally.add(self._source, figure, value, documents)
                if is_removed:
                    self._tally.add(self._source, figure.of_removed, value, documents)
        self.domains.count(_counted(hosts), is_removed)
        if is_removed:
            self._count_languages(columns)

    def _count_languages(self, columns: pa.RecordBatch) -> None:
        failed = columns.column("failed_rules")
        languages = columns.column("language").fill_null("").take(pc.list_parent_indices(failed))
        pairs = pc.binary_join_element_wise(failed.flatten(), languages, " ")
        for pair, documents in _counted(pairs).items():
            self._tally.add(self._source, Figure.RULE_LANGUAGE, pair, documents)

    def tally(self) -> Tally:
        """All counts."""
        self.domains.add_to(self._tally)
        return self._tally


def _counted(values: pa.Array) -> dict[str, int]:
    """Returns how often each value occurs. Nulls do not count."""
    return {entry["values"]: entry["counts"] for entry in pc.value_counts(values.drop_null()).to_pylist()}


def _asked(robots: pa.ListArray) -> pa.Array:
    """Returns the known directives in the documents. Pages may state anything, so others are ignored."""
    items = robots.flatten()
    return items.filter(pc.is_in(names(items), pa.array(sorted(KNOWN), pa.string())))


def _length(words: pa.Array) -> pa.Array:
    measured = words.drop_null().to_numpy(zero_copy_only=False)
    classes = LENGTHS[np.searchsorted(LENGTHS, measured, side="right") - 1]
    return pa.array(classes.astype(str), pa.string())
