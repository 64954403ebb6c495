"""Judges measured documents: finds out which documents break which rules.

`filters/families` declares the rules and their default limits. A document is removed when it breaks any rule
that judges its source.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.families.family import Mask, Rule


def judge(batch: pa.RecordBatch, rules: Sequence[Rule]) -> Mask:
    """The verdicts: a matrix of [documents, rules], True where the document breaks the rule."""
    if not rules:
        return np.zeros((batch.num_rows, 0), dtype=np.bool_)
    return np.column_stack([rule.broken(batch) for rule in rules])


def reasons(verdicts: Mask, rules: Sequence[Rule]) -> tuple[pa.StringArray, pa.ListArray]:
    """`removed_by` (the first broken rule in the order of `rules`; null if none is) and `failed_rules` (all)."""
    names = pa.array([rule.name for rule in rules], pa.string())
    is_kept = ~verdicts.any(axis=1)
    number = np.argmax(verdicts, axis=1) if rules else np.zeros(len(verdicts), np.int64)
    first = pc.take(names, pa.array(number, mask=is_kept))
    _, broken = np.nonzero(verdicts)
    offsets = np.concatenate([[0], np.cumsum(verdicts.sum(axis=1))]).astype(np.int32)
    return first, pa.ListArray.from_arrays(pa.array(offsets), pc.take(names, pa.array(broken)))
