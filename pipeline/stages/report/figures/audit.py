"""Audited groups: how many documents belong to each, and what the rules take from them beside all others."""

from collections.abc import Mapping, Sequence

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.rules import Judges
from massivetext.pipeline.runtime.tally import Row, Tally
from massivetext.pipeline.stages.report.figures.interval import wilson
from massivetext.pipeline.stages.report.groups import Group
from massivetext.pipeline.stages.report.stats import AuditedGroup, AuditedRule, AuditedSource, Excerpt

ANY = "any rule"


def audit(
    config: Config,
    groups: Sequence[Group],
    judges: Judges,
    curated: Tally,
    surveyed: Sequence[Row],
    examples: Mapping[str, list[Excerpt]],
) -> list[AuditedGroup]:
    """Every group, in every source in which documents were searched."""
    tally = Tally.of(surveyed)
    sources = [source for source in judges if tally.count(source, "audited")[0]]
    return [
        AuditedGroup(
            name=group.name,
            patterns=list(group.patterns),
            sources=[_source(config, group.name, source, judges, curated, tally) for source in sources],
            examples=examples.get(group.name, []),
        )
        for group in groups
    ]


def _source(
    config: Config, group: str, source: str, judges: Judges, curated: Tally, tally: Tally
) -> AuditedSource:
    searched, _, words = tally.count(source, "audited")
    with_feature, _, features = tally.count(source, "feature", group)
    members = tally.count(source, "member", group)[0]
    read = curated.count(source, "read")[0] - curated.count(source, "failed")[0]
    counts = {
        ANY: (
            tally.count(source, "member_removed", group)[0],
            read - curated.count(source, "kept")[0],
        )
    }
    for rule in judges[source]:
        broken = tally.count(source, "member_broken", f"{group} {rule.name}")[0]
        counts[rule.name] = broken, curated.count(source, "broken", rule.name)[0]
    return AuditedSource(
        source=source,
        searched=searched,
        words=words,
        features=features,
        with_feature=with_feature,
        members=members,
        rules=[
            compared(name, broken, members, total / read, config.audit.flagged_ratio)
            for name, (broken, total) in counts.items()
            if members and judges[source]
        ],
    )


def compared(name: str, broken: int, members: int, overall: float, flagged_ratio: float) -> AuditedRule:
    """A rule that `broken` of a group's `members` break, and the share `overall` of all documents of the source."""
    rate = wilson(broken, members)
    return AuditedRule(
        rule=name,
        members=rate,
        overall=overall,
        ratio=rate.share / overall if overall else None,
        flagged=overall > 0 and rate.share > flagged_ratio * overall and rate.low > overall,
    )
