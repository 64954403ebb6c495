"""Audits groups: how much of each is read, kept and mixed, and how often rules remove it and all other documents."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.rules import Judges
from massivetext.pipeline.runtime.tally import Figure, Row, Tally
from massivetext.pipeline.stages.report.figures.interval import wilson
from massivetext.pipeline.stages.report.figures.sensitivity import Counts, Side, rate, ratio, side
from massivetext.pipeline.stages.report.groups import Group
from massivetext.pipeline.stages.report.stats_audit import AuditedGroup, AuditedRule, AuditedSource, Sensitive
from massivetext.pipeline.stages.report.stats_mix import Mix
from massivetext.pipeline.stages.report.stats_part import Excerpt
from massivetext.pipeline.stages.report.survey.members import REMOVED

ANY = "any rule"


def audit(
    config: Config,
    groups: Sequence[Group],
    judges: Judges,
    curated: Tally,
    surveyed: Sequence[Row],
    mix: Mix,
    examples: Mapping[str, list[Excerpt]],
) -> list[AuditedGroup]:
    """Every group, in every source whose documents were searched."""
    tally = Tally.of(surveyed)
    return [
        _group(
            config,
            group,
            [source for source in judges if tally.count(source, Figure.AUDITED, group.name).documents],
            judges,
            curated,
            tally,
            mix,
            examples,
        )
        for group in groups
    ]


def _group(
    config: Config,
    group: Group,
    sources: Sequence[str],
    judges: Judges,
    curated: Tally,
    tally: Tally,
    mix: Mix,
    examples: Mapping[str, list[Excerpt]],
) -> AuditedGroup:
    read, kept, mixed = _sides(group, sources, curated, tally, mix)
    return AuditedGroup(
        name=group.name,
        patterns=list(group.patterns),
        languages=list(group.languages),
        sources=[_source(config, group, source, judges, curated, tally) for source in sources],
        read=rate(read),
        kept=rate(kept),
        mix=rate(mixed),
        mix_to_read=ratio(mixed, read, config.seed),
        examples=examples.get(group.name, []),
    )


def _sides(
    group: Group, sources: Sequence[str], curated: Tally, tally: Tally, mix: Mix
) -> tuple[Side, Side, Side]:
    """The group's matches in the documents that were read, in those that the rules keep, and in the mix.

    The sample that was searched stands for its whole source. In the mix, a source's weight is its tokens, counted as
    often as they are repeated, and its kept documents stand for those that are mixed.
    """
    matches = np.array([_matches(tally, group, source) for source in sources]).reshape(len(sources), -1)
    removed = np.array([_matches(tally, group, source, REMOVED) for source in sources]).reshape(
        len(sources), -1
    )
    words = np.array([tally.count(source, Figure.AUDITED, group.name).tokens for source in sources], np.int64)
    gone = np.array(
        [tally.count(source, Figure.AUDITED_BROKEN, f"{group.name} {REMOVED}").tokens for source in sources],
        np.int64,
    )
    searched = np.array([tally.count(source, Figure.AUDITED, group.name).documents for source in sources])
    whole = np.array([_measured(curated, source) for source in sources]) / searched
    given = {row.source: row.given for row in mix.sources}
    tokens = np.array([given.get(source, 0) for source in sources], float)
    left = words - gone
    return (
        Side(matches, words, _shares(words * whole)),
        Side(matches - removed, left, _shares(left * whole)),
        Side(matches - removed, left, _shares(tokens)),
    )


def _shares(parts: np.ndarray) -> np.ndarray:
    whole = parts.sum()
    shares: np.ndarray = parts / whole if whole else np.zeros(len(parts))
    return shares


def _matches(tally: Tally, group: Group, source: str, rule: str | None = None) -> Counts:
    """The matches of each of the group's patterns, in all texts or in those that break a rule."""
    figure, end = (Figure.MATCHES, "") if rule is None else (Figure.MATCHES_BROKEN, f" {rule}")
    numbers = range(len(group.patterns))
    counts = [tally.count(source, figure, f"{group.name} {number}{end}").tokens for number in numbers]
    return np.array(counts, np.int64)


def _measured(curated: Tally, source: str) -> int:
    return curated.count(source, Figure.READ).documents - curated.count(source, Figure.FAILED).documents


def _source(
    config: Config, group: Group, source: str, judges: Judges, curated: Tally, tally: Tally
) -> AuditedSource:
    searched, _, words = tally.count(source, Figure.AUDITED, group.name)
    with_feature, _, features = tally.count(source, Figure.FEATURE, group.name)
    members = tally.count(source, Figure.MEMBER, group.name).documents
    everything = side(_matches(tally, group, source), words)
    return AuditedSource(
        source=source,
        searched=searched,
        words=words,
        features=features,
        with_feature=with_feature,
        members=members,
        rules=[
            compared(
                name,
                broken,
                members,
                total / _measured(curated, source),
                config.audit.flagged_ratio,
                ratio(_breaking(tally, group, source, rule), everything, config.seed),
            )
            for name, rule, broken, total in _counts(group, source, judges, curated, tally)
            if with_feature and judges[source]
        ],
    )


def _counts(
    group: Group, source: str, judges: Judges, curated: Tally, tally: Tally
) -> Iterator[tuple[str, str, int, int]]:
    """For ANY, then for each rule: its name, its key in figures, the members that break it, all documents that do."""
    kept = curated.count(source, Figure.KEPT).documents
    taken = tally.count(source, Figure.MEMBER_REMOVED, group.name).documents
    yield ANY, REMOVED, taken, _measured(curated, source) - kept
    for rule in judges[source]:
        broken = tally.count(source, Figure.MEMBER_BROKEN, f"{group.name} {rule.name}").documents
        yield rule.name, rule.name, broken, curated.count(source, Figure.BROKEN, rule.name).documents


def _breaking(tally: Tally, group: Group, source: str, rule: str) -> Side:
    return side(
        _matches(tally, group, source, rule),
        tally.count(source, Figure.AUDITED_BROKEN, f"{group.name} {rule}").tokens,
    )


def compared(
    name: str, broken: int, members: int, overall: float, flagged_ratio: float, features: Sensitive
) -> AuditedRule:
    """The figures of a rule that `broken` of a group's `members` break, and the share `overall` of all documents of the
    source.
    """
    share = wilson(broken, members) if members else wilson(0, 1)
    return AuditedRule(
        rule=name,
        members=share,
        overall=overall,
        ratio=share.share / overall if overall and members else None,
        flagged=bool(members)
        and overall > 0
        and share.share > flagged_ratio * overall
        and share.low > overall,
        features=features,
        features_flagged=features.decided and features.value is not None and features.value > flagged_ratio,
    )
