"""Scores: computes the mean of a sources' own column in documents read, kept, mixed, and removed by each rule."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from massivetext.pipeline.config.rules import Judges
from massivetext.pipeline.runtime.tally import Counts, Figure, Row, Tally
from massivetext.pipeline.stages.report.figures.audit import ANY
from massivetext.pipeline.stages.report.figures.sensitivity import LEAST
from massivetext.pipeline.stages.report.stats_audit import Score, ScoredRule, ScoredSource, Sensitive
from massivetext.pipeline.stages.report.stats_mix import Mix
from massivetext.pipeline.stages.report.survey.members import REMOVED
from massivetext.pipeline.stages.report.survey.scores import UNIT

_EDGE = 1.96  # standard errors on each side of a 95 % interval


class _Mean(NamedTuple):
    """A mean, and the square of its standard error."""

    value: float
    error: float


def scores(names: Sequence[str], judges: Judges, surveyed: Sequence[Row], mix: Mix) -> list[Score]:
    """Returns every score that any document has."""
    tally = Tally.of(surveyed)
    given = {row.source: row.given for row in mix.sources}
    found = []
    for name in names:
        sources = [source for source in judges if tally.count(source, Figure.SCORE, name).documents]
        read = [tally.count(source, Figure.SCORE, name) for source in sources]
        gone = [tally.count(source, Figure.SCORE_BROKEN, f"{name} {REMOVED}") for source in sources]
        kept = [_less(one, other) for one, other in zip(read, gone, strict=True)]
        whole = _mean(_sum(read))
        mixed = _weighed([_mean(one) for one in kept], [given.get(source, 0) for source in sources])
        found.append(
            Score(
                name=name,
                read=whole.value,
                kept=_mean(_sum(kept)).value,
                mix=mixed.value,
                mix_to_read=_ratio(mixed, whole, min(_sum(kept).documents, _sum(read).documents)),
                sources=[_source(tally, name, source, judges) for source in sources],
            )
        )
    return found


def _source(tally: Tally, name: str, source: str, judges: Judges) -> ScoredSource:
    all_ = tally.count(source, Figure.SCORE, name)
    keys = [(ANY, REMOVED), *((rule.name, rule.name) for rule in judges[source])]
    rules = []
    for title, key in keys:
        broken = tally.count(source, Figure.SCORE_BROKEN, f"{name} {key}")
        if broken.documents:
            mean = _mean(broken)
            ratio = _ratio(mean, _mean(all_), broken.documents)
            rules.append(ScoredRule(rule=title, documents=broken.documents, mean=mean.value, ratio=ratio))
    return ScoredSource(source=source, documents=all_.documents, mean=_mean(all_).value, rules=rules)


def _sum(counts: Sequence[Counts]) -> Counts:
    return Counts(*(sum(values) for values in zip(*counts, strict=True))) if counts else Counts()


def _less(one: Counts, other: Counts) -> Counts:
    return Counts(*(a - b for a, b in zip(one, other, strict=True)))


def _mean(counts: Counts) -> _Mean:
    if not counts.documents:
        return _Mean(0.0, 0.0)
    value = counts.tokens / UNIT / counts.documents
    return _Mean(value, max(counts.bytes / UNIT / counts.documents - value * value, 0.0) / counts.documents)


def _weighed(means: Sequence[_Mean], weights: Sequence[float]) -> _Mean:
    whole = sum(weights)
    shares = [weight / whole if whole else 0.0 for weight in weights]
    return _Mean(
        sum(mean.value * share for mean, share in zip(means, shares, strict=True)),
        sum(mean.error * share * share for mean, share in zip(means, shares, strict=True)),
    )


def _ratio(of: _Mean, to: _Mean, documents: int) -> Sensitive:
    """Returns the ratio of two means, with its 95 % interval by the delta method."""
    if not to.value:
        return Sensitive(value=None, low=None, high=None, decided=False)
    value = of.value / to.value
    if documents < LEAST or not of.value:
        return Sensitive(value=value, low=None, high=None, decided=False)
    spread = _EDGE * abs(value) * math.sqrt(of.error / of.value**2 + to.error / to.value**2)
    low, high = value - spread, value + spread
    return Sensitive(value=value, low=low, high=high, decided=not low <= 1 <= high)
