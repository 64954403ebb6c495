"""Who is affected: what the rules remove from which language, licence, length of text, and part of the web."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.report.groups import RowGroup
from pipeline.tally import Tally

LENGTHS = np.array([0, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000])
"""Words at which the classes of length begin."""

DOMAINS = 500
"""Of each part, so many of the most frequent domains are counted: all, where it has no more."""

GROUPS = ("licence", "length", "top_level")
_HOST = r"^[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^/?#@]*@)?(?P<host>[^/:?#]+)"


class Affected:
    """Counts the documents of a part. Figures: rule_language by `rule language`; of each group and of domain,
    read and removed by its value, as `licence` and `licence_removed`."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._tally = Tally()
        self._domains: Counter[str] = Counter()
        self._removed_domains: Counter[str] = Counter()

    def count(self, group: RowGroup) -> None:
        columns = group.columns
        is_removed = group.removed_by() is not None
        hosts = pc.utf8_lower(pc.struct_field(pc.extract_regex(columns.column("url"), _HOST), "host"))
        values = {
            "licence": columns.column("licence"),
            "length": _length(columns.column("word_count")),
            "top_level": pc.struct_field(pc.extract_regex(hosts, r"(?P<last>[^.]+)\.?$"), "last"),
        }
        for figure, array in values.items():
            for value, documents in _counted(array).items():
                self._tally.add(self._source, figure, value, documents)
                if is_removed:
                    self._tally.add(self._source, f"{figure}_removed", value, documents)
        self._domains.update(_counted(hosts))
        if is_removed:
            self._removed_domains.update(_counted(hosts))
            self._count_languages(columns)

    def _count_languages(self, columns: pa.RecordBatch) -> None:
        failed = columns.column("failed_rules")
        languages = columns.column("language").fill_null("").take(pc.list_parent_indices(failed))
        pairs = pc.binary_join_element_wise(failed.flatten(), languages, " ")
        for pair, documents in _counted(pairs).items():
            self._tally.add(self._source, "rule_language", pair, documents)

    def tally(self) -> Tally:
        """Everything counted."""
        for figure, counts in (("domain", self._domains), ("domain_removed", self._removed_domains)):
            for domain, documents in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[
                :DOMAINS
            ]:
                self._tally.add(self._source, figure, domain, documents)
        return self._tally


def _counted(values: pa.Array) -> dict[str, int]:
    """How often each value stands there; nulls are not counted."""
    return {entry["values"]: entry["counts"] for entry in pc.value_counts(values.drop_null()).to_pylist()}


def _length(words: pa.Array) -> pa.Array:
    measured = words.drop_null().to_numpy(zero_copy_only=False)
    classes = LENGTHS[np.searchsorted(LENGTHS, measured, side="right") - 1]
    return pa.array(classes.astype(str), pa.string())
