"""Audited groups of the sample's run, counted again from the files with Python's own regular expressions."""

import re
from pathlib import Path
from typing import Any

import pytest

from massivetext.pipeline.stages.report.figures.audit import compared
from massivetext.pipeline.stages.report.figures.warnings import warnings
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.stages.report.stats_audit import AuditedGroup, AuditedSource, Sensitive
from massivetext.pipeline.stages.report.stats_mix import Mix
from tests.pipeline.documents import kept, removed

FIRST_PERSON = re.compile(r"\b(?-i:I)\s|\b(?:my|myself)\b", re.IGNORECASE | re.ASCII)


UNTOLD = Sensitive(value=None, low=None, high=None, decided=False)
MIX = Mix(target=1, sequence_length=8, max_epochs=4, vocabulary=None, sources=[])


def of(source: AuditedSource) -> AuditedGroup:
    return AuditedGroup(
        name="speakers",
        patterns=["a"],
        sources=[source],
        read=1,
        kept=1,
        mix=1,
        mix_to_read=UNTOLD,
        examples=[],
    )


@pytest.fixture(scope="module")
def stats(finished: Path) -> Stats:
    return Stats.model_validate_json((finished / "report/stats.json").read_bytes())


@pytest.fixture(scope="module")
def group(stats: Stats) -> AuditedGroup:
    return next(group for group in stats.audit if group.name == "first_person")


@pytest.fixture(scope="module")
def rows(finished: Path) -> list[dict[str, Any]]:
    return [*kept(finished).to_pylist(), *removed(finished).to_pylist()]


def belongs(row: dict[str, Any]) -> bool:
    features = len(FIRST_PERSON.findall(row["text"]))
    return features >= 2 and features / row["word_count"] >= 1 / 1000


def test_groups_equal_the_files(group: AuditedGroup, rows: list[dict[str, Any]]) -> None:
    assert [source.source for source in group.sources] == ["web", "books", "c4", "news", "wikipedia"]
    for source in group.sources:
        everything = [row for row in rows if row["source"] == source.source]
        counts = [len(FIRST_PERSON.findall(row["text"])) for row in everything]
        assert (source.searched, source.words) == (
            len(everything),
            sum(row["word_count"] for row in everything),
        )
        assert (source.with_feature, source.features) == (sum(count > 0 for count in counts), sum(counts))
        members = [row for row in everything if belongs(row)]
        assert source.members == len(members)
        for rule in source.rules:
            if not members:
                assert (rule.members.documents, rule.ratio, rule.flagged) == (0, None, False)
                continue

            def broken(row: dict[str, Any], name: str = rule.rule) -> bool:
                failed = row.get("failed_rules", [])
                return bool(failed) if name == "any rule" else name in failed

            among = sum(map(broken, members))
            overall = sum(map(broken, everything)) / len(everything)
            assert (rule.members.documents, rule.members.share) == (among, among / len(members))
            assert rule.overall == overall
            assert rule.ratio == (among / len(members) / overall if overall else None)
            assert rule.flagged == (
                overall > 0 and among / len(members) > 1.25 * overall < 1.25 * rule.members.low
            )


def test_every_rule_of_a_source_is_there(group: AuditedGroup, stats: Stats) -> None:
    with_features = [source for source in group.sources if source.with_feature]
    assert with_features[0].source == "web"
    for source in with_features:
        judging = [
            rule.name for rule in stats.rules if source.source in {figures.source for figures in rule.sources}
        ]
        assert [rule.rule for rule in source.rules] == ["any rule", *judging]


def test_examples_are_members_with_their_features_marked(
    group: AuditedGroup, rows: list[dict[str, Any]]
) -> None:
    by_id = {row["id"]: row for row in rows}
    assert {bool(document.failed_rules) for document in group.examples} == {True, False}
    for document in group.examples:
        assert belongs(by_id[document.id])
        marked = [document.text[start:end] for start, end in document.marks]
        assert marked
        assert all(FIRST_PERSON.fullmatch(text) for text in marked)


def test_a_group_that_nobody_belongs_to(stats: Stats) -> None:
    group = next(group for group in stats.audit if group.name == "african_american_english")
    assert len(group.patterns) > 10
    assert sum(source.searched for source in group.sources) > 500
    assert all(source.rules == [] for source in group.sources if not source.with_feature)


@pytest.mark.parametrize(
    ("broken", "members", "overall", "flagged"),
    [
        (30, 100, 0.20, True),  # 1.5 times; the interval starts at 21.9 %
        (3, 10, 0.20, False),  # as often, but of too few documents
        (240, 1000, 0.20, False),  # surely more, but only 1.2 times
        (10, 100, 0.20, False),
        (0, 100, 0.0, False),
    ],
)
def test_a_rule_is_flagged_where_it_takes_more_and_not_by_chance(
    broken: int, members: int, overall: float, flagged: bool
) -> None:
    rule = compared("word_count", broken, members, overall, 1.25, UNTOLD)
    assert rule.flagged == flagged
    assert rule.ratio == (pytest.approx(broken / members / overall) if overall else None)
    source = AuditedSource(
        source="web", searched=1000, words=9, features=9, with_feature=9, members=members, rules=[rule]
    )
    found = [(warning.code, warning.subject) for warning in warnings([], [], [], [], MIX, [of(source)], 0.6)]
    assert found == [("group", "speakers")] * flagged


def test_a_rule_that_takes_short_texts_of_a_group_is_flagged_by_their_features() -> None:
    """No document is in the group: all have one feature. What the rule takes has more features a word."""
    dense = Sensitive(value=8.3, low=4.0, high=12.0, decided=True)
    rule = compared("stop_word_count", 0, 0, 0.001, 1.25, dense)
    assert (rule.ratio, rule.flagged, rule.features_flagged) == (None, False, True)
    source = AuditedSource(
        source="web", searched=1000, words=9, features=9, with_feature=9, members=0, rules=[rule]
    )
    [warning] = warnings([], [], [], [], MIX, [of(source)], 0.6)
    assert (
        "denser in texts that rules take than in all: stop word count 8.3 times (4 to 12)" in warning.message
    )
    undecided = dense.model_copy(update={"low": 0.9, "decided": False})
    assert not compared("stop_word_count", 0, 0, 0.001, 1.25, undecided).features_flagged


def test_features_of_what_rules_take_equal_the_files(group: AuditedGroup, rows: list[dict[str, Any]]) -> None:
    for source in group.sources:
        everything = [row for row in rows if row["source"] == source.source]
        for rule in source.rules:
            taken = [
                row
                for row in everything
                if (
                    rule.rule in row.get("failed_rules", [])
                    if rule.rule != "any rule"
                    else row.get("failed_rules")
                )
            ]
            rates = [
                sum(len(FIRST_PERSON.findall(row["text"])) for row in some)
                / max(1, sum(row["word_count"] for row in some))
                for some in (taken, everything)
            ]
            assert rule.features.value == pytest.approx(rates[0] / rates[1])


def test_the_mix_weighs_sources_by_their_tokens(group: AuditedGroup, stats: Stats) -> None:
    assert group.read > 0
    assert group.kept > 0
    given = {row.source: row.given for row in stats.mix.sources}
    assert given["books"] > 0
    assert group.mix_to_read.value == pytest.approx(group.mix / group.read)
