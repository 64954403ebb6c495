"""Counts over all documents: what the rules themselves say under other limits."""

from pathlib import Path

import numpy as np
import pytest

from massivetext.filters.families.family import Limit, LimitRule
from massivetext.filters.judge import judge
from massivetext.pipeline.config.rules import judges
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.serve import counts
from massivetext.pipeline.storage import files, layout, parquet


def kept_under(out: str, source: str, limits: dict[str, Limit]) -> tuple[int, int]:
    """Documents, and bytes, that the rules keep with these limits in place of the run's."""
    state = manifest.read(out)
    assert state is not None
    rules = tuple(
        LimitRule(rule.name, limits.get(rule.name, rule.limit), rule.languages)
        if isinstance(rule, LimitRule)
        else rule
        for rule in judges(state.config)[source]
    )
    documents = size = 0
    for path, _ in files.match(f"{out}/{layout.documents_of(source)}"):
        for batch in parquet.batches(path):
            kept = ~judge(batch, rules).any(axis=1)
            documents += int(kept.sum())
            size += int(np.asarray(batch.column("text_bytes"))[kept].sum())
    return documents, size


@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"word_count": Limit(400, 100_000)},
        {"word_count": Limit(0, None), "duplicate_5_gram_character_fraction": Limit(None, 0.4)},
        {"stop_word_count": Limit(8, None), "hash_ratio": Limit(None, 0.0)},
    ],
)
def test_counts_are_those_of_the_rules(finished: Path, limits: dict[str, Limit]) -> None:
    out = str(finished)
    state = manifest.read(out)
    assert state is not None
    found = counts.read(out, state.config)
    assert [one.source for one in found] == ["web"]
    for one in found:
        recounted = one.recount(limits)
        assert (recounted.before, recounted.bytes_before) == kept_under(out, one.source, {})
        assert (recounted.after, recounted.bytes_after) == kept_under(out, one.source, limits)


def test_a_limit_that_judges_nothing_here_changes_nothing(finished: Path) -> None:
    state = manifest.read(str(finished))
    assert state is not None
    (web,) = counts.read(str(finished), state.config)
    assert web.recount({"nothing": Limit(5, 6)}).after == web.recount({}).before


def test_languages_with_limits_of_their_own_stay_as_they_are() -> None:
    limited = counts._Limited(
        np.array([10.0, 10.0, np.nan]), np.array([True, False, True]), np.array([False, True, False])
    )
    assert limited.broken_by(Limit(50, None)).tolist() == [True, True, False]
    assert limited.broken_by(Limit(None, None)).tolist() == [False, True, False]
