"""The effect of each rule: alone, as the first and in total, by source and language; histograms of the measurements."""

from collections import Counter
from collections.abc import Sequence

from massivetext.filters.families import family_of, place_of
from massivetext.filters.families.family import LimitRule
from massivetext.filters.families.family import Rule as Judge
from massivetext.filters.histogram import edges
from massivetext.pipeline.config.rules import Judges
from massivetext.pipeline.runtime.tally import Figure, Row, Tally
from massivetext.pipeline.stages.curate.figures import measured
from massivetext.pipeline.stages.report.figures.funnel import amount
from massivetext.pipeline.stages.report.stats import (
    ALL,
    Group,
    Histogram,
    Language,
    Overlap,
    OwnLimit,
    Rule,
    SourceFigures,
)
from massivetext.pipeline.stages.report.stats_part import Amount

LISTED = 100  # values listed of each kind of group


def families(judges: Judges) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for rule in _distinct(judges):
        found.setdefault(family_of(rule.name), []).append(rule.name)
    return found


def _distinct(judges: Judges) -> list[Judge]:
    """Every rule once, in the order of `removed_by`."""
    found = {rule.name: rule for source in judges.values() for rule in source}
    return sorted(found.values(), key=lambda rule: place_of(rule.name))


def rules(judges: Judges, curated: Tally, surveyed: Sequence[Row]) -> list[Rule]:
    """Every rule that judges a source, in the order of `removed_by`."""
    languages: dict[str, Counter[str]] = {}
    for row in surveyed:
        if row.figure == Figure.RULE_LANGUAGE:
            rule, _, language = row.key.partition(" ")
            languages.setdefault(rule, Counter())[language] += row.documents
    return [_rule(rule, judges, curated, languages.get(rule.name, Counter())) for rule in _distinct(judges)]


def _rule(rule: Judge, judges: Judges, curated: Tally, languages: Counter[str]) -> Rule:
    sources = [
        SourceFigures(
            source=source,
            judged=amount(curated, source, Figure.READ) - amount(curated, source, Figure.FAILED),
            first=amount(curated, source, Figure.REMOVED, rule.name),
            broken=amount(curated, source, Figure.BROKEN, rule.name),
            only=amount(curated, source, Figure.ONLY, rule.name),
        )
        for source, judging in judges.items()
        if any(judge.name == rule.name for judge in judging)
    ]
    total = SourceFigures(
        source=ALL,
        **{
            name: sum((getattr(one, name) for one in sources), Amount())
            for name in ("judged", "first", "broken", "only")
        },
    )
    minimum, maximum = _limits(rule)
    return Rule(
        name=rule.name,
        family=family_of(rule.name),
        minimum=minimum,
        maximum=maximum,
        description=rule.description,
        sources=[total, *sources],
        languages=dict(sorted(languages.items(), key=lambda entry: (-entry[1], entry[0]))),
        own_limits=_own_limits(rule),
    )


def _own_limits(rule: Judge) -> dict[str, OwnLimit]:
    if not isinstance(rule, LimitRule):
        return {}
    return {
        language: OwnLimit(minimum=limit.minimum, maximum=limit.maximum)
        for language, limit in rule.languages.items()
    }


def _limits(rule: Judge) -> tuple[float | None, float | None]:
    if isinstance(rule, LimitRule):
        return rule.limit.minimum, rule.limit.maximum
    return None, None


def overlaps(judges: Judges, rows: Sequence[Row]) -> list[Overlap]:
    """The number of documents that break two rules, for each two rules that a document breaks, over all sources."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.figure == Figure.OVERLAP:
            first, _, second = row.key.partition(" ")
            counts[first, second] += row.documents
        elif row.figure == Figure.BROKEN:
            counts[row.key, row.key] += row.documents
    order = {rule.name: place for place, rule in enumerate(_distinct(judges))}
    found = sorted(counts, key=lambda pair: (order[pair[0]], order[pair[1]]))
    return [Overlap(rule=a, other=b, documents=counts[a, b]) for a, b in found]


def histograms(rows: Sequence[Row]) -> list[Histogram]:
    """The histogram of every measurement that any source has."""
    counts: dict[str, dict[str, list[int]]] = {}
    for row in rows:
        if row.figure == Figure.HISTOGRAM:
            column, _, number = row.key.rpartition(":")
            bins = counts.setdefault(column, {}).setdefault(row.source, [0] * (len(edges(column)) - 1))
            bins[int(number)] += row.documents
    return [
        Histogram(column=name, edges=edges(name).tolist(), counts=dict(sorted(counts[name].items())))
        for name in measured()
        if name in counts
    ]


def groups(surveyed: Sequence[Row]) -> list[Group]:
    """The documents read and removed of each group, the largest groups first; of domains, those that lost most."""
    counts: dict[str, Counter[str]] = {}
    for row in surveyed:
        counts.setdefault(row.figure, Counter())[row.key] += row.documents
    found = []
    for kind in ("licence", "asked", "length", "top_level", "domain"):
        read, removed = counts.get(kind, Counter()), counts.get(f"{kind}_removed", Counter())
        first = removed if kind == "domain" else read
        values = sorted(first, key=lambda value: (-first[value], value))[:LISTED]
        if kind == "length":
            values.sort(key=int)
        found += [Group(kind=kind, value=v, read=read[v], removed=removed[v]) for v in values]
    return found


def languages(rows: Sequence[Row]) -> list[Language]:
    """The documents read and kept of each language and source, the largest first."""
    read: Counter[tuple[str, str]] = Counter()
    tally = Tally.of(rows)
    for row in rows:
        if row.figure == Figure.LANGUAGE:
            read[row.key, row.source] += row.documents
    return [
        Language(
            language=language,
            source=source,
            read=amount(tally, source, Figure.LANGUAGE, language),
            kept=amount(tally, source, Figure.LANGUAGE_KEPT, language),
        )
        for (language, source), _ in sorted(read.items(), key=lambda entry: (-entry[1], entry[0]))
    ]
