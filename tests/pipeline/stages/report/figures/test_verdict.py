"""The verdict: what a run is told to be, and where its causes lead."""

from pathlib import Path

import pytest

from massivetext.pipeline.stages.report.figures.failures import FailureKind
from massivetext.pipeline.stages.report.figures.verdict import CAUSES, verdict
from massivetext.pipeline.stages.report.stats import Stats, Verdict, Warning

FAILURE = FailureKind("web", 3, "not a page", "a.warc", 0)


@pytest.fixture
def stats(finished: Path) -> Stats:
    return Stats.model_validate_json((finished / "report/stats.json").read_bytes())


def judged(stats: Stats, *warnings: Warning, given: int | None = None) -> Verdict:
    """The verdict on the demo's figures with these warnings, and with so many tokens of the first source alone."""
    mix = stats.mix
    if given is not None:
        first, *others = mix.sources
        rest = [source.model_copy(update={"given": 0}) for source in others]
        mix = mix.model_copy(update={"sources": [first.model_copy(update={"given": given}), *rest]})
    return verdict(stats.funnels[1:], stats.rules, mix, warnings, [FAILURE])


def test_a_run_without_trouble_is_fit_and_shows_what_took_most(stats: Stats) -> None:
    found = judged(stats)
    assert found.state == "fit"
    assert (found.asked, found.written) == (
        stats.mix.target,
        sum(source.given for source in stats.mix.sources),
    )
    steps = [
        (step.amount.documents, funnel.source)
        for funnel in stats.funnels[1:]
        for step in funnel.steps
        if step.name not in ("read", "failed", "kept")
    ]
    assert len(found.causes) == CAUSES
    assert found.causes[0].subject == max(steps)[1]
    assert f"{max(steps)[0]:,} of" in found.causes[0].message


def test_lost_records_ask_for_a_look_and_lead_to_the_failures(stats: Stats) -> None:
    found = judged(
        stats,
        Warning(code="idle_rule", subject="x", message="-"),
        Warning(code="failed", subject="web", message="3"),
    )
    assert found.state == "look"
    assert (found.causes[0].subject, found.causes[0].link) == ("web", "failures?source=web")


def test_an_idle_rule_alone_is_no_trouble(stats: Stats) -> None:
    assert judged(stats, Warning(code="idle_rule", subject="x", message="-")).state == "fit"


def test_missing_tokens_make_a_run_unfit(stats: Stats) -> None:
    assert judged(stats, given=stats.mix.target).state == "fit"
    found = judged(stats, given=stats.mix.target // 2)
    assert (found.state, found.written) == ("unfit", stats.mix.target // 2)


def test_a_missing_source_makes_a_run_unfit_unless_it_has_no_weight(stats: Stats) -> None:
    name = stats.mix.sources[0].source
    emptied = Warning(code="emptied", subject=name, message="none")
    found = judged(stats, emptied, Warning(code="weight", subject=name, message="0 %"))
    assert (found.state, found.missing) == ("unfit", [name])
    assert [cause.subject for cause in found.causes].count(name) >= 1
    assert found.causes[0].link == f"rules?source={name}"
    unweighted = stats.mix.sources[0].model_copy(update={"weight": 0.0})
    mix = stats.mix.model_copy(update={"sources": [unweighted, *stats.mix.sources[1:]]})
    assert verdict(stats.funnels[1:], stats.rules, mix, [emptied], []).state == "look"


def test_a_subject_is_named_once_by_its_first_cause(stats: Stats) -> None:
    codes = ("weight", "emptied", "failed")
    found = judged(stats, *(Warning(code=code, subject="web", message=code) for code in codes))
    assert [cause.message for cause in found.causes if cause.message in codes] == ["failed"]
