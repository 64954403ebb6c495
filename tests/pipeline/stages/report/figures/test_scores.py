"""Scores of the sources' own: means, and what a rule removes beside all documents."""

import pytest

from massivetext.filters.families.family import Limit, LimitRule
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages.report.figures.scores import scores
from massivetext.pipeline.stages.report.stats_mix import Mix
from massivetext.pipeline.stages.report.survey.members import REMOVED
from massivetext.pipeline.stages.report.survey.scores import UNIT

MIX = Mix(target=0, sequence_length=8, max_epochs=4, vocabulary=None, sources=[])
JUDGES = {"s": (LimitRule("word_count", Limit(50, None)),)}


def add(tally: Tally, figure: Figure, key: str, values: list[float]) -> None:
    sums = [round(UNIT * sum(one)) for one in ([value * value for value in values], values)]
    tally.add("s", figure, key, len(values), *sums)


def test_means_and_ratios() -> None:
    tally = Tally()
    add(tally, Figure.SCORE, "toxicity", [0.1, 0.2] * 50 + [0.9, 0.8] * 10)
    add(tally, Figure.SCORE_BROKEN, f"toxicity {REMOVED}", [0.9, 0.8] * 10)
    add(tally, Figure.SCORE_BROKEN, "toxicity word_count", [0.9, 0.8])
    [found] = scores(["toxicity"], JUDGES, tally.rows(), MIX)
    assert found.read == pytest.approx((15 + 17) / 120)
    assert found.kept == pytest.approx(0.15)
    removed, short = found.sources[0].rules
    assert (removed.rule, removed.documents, removed.mean) == ("any rule", 20, pytest.approx(0.85))
    assert removed.ratio.value == pytest.approx(0.85 / (32 / 120))
    assert removed.ratio.decided
    assert removed.ratio.low is not None
    assert removed.ratio.low > 2
    assert (short.rule, short.ratio.low, short.ratio.decided) == ("word_count", None, False)  # two documents


def test_a_rule_that_removes_what_all_documents_are_like_is_undecided() -> None:
    tally = Tally()
    add(tally, Figure.SCORE, "toxicity", [0.1, 0.3] * 50)
    add(tally, Figure.SCORE_BROKEN, f"toxicity {REMOVED}", [0.1, 0.3] * 5)
    [found] = scores(["toxicity"], JUDGES, tally.rows(), MIX)
    assert found.sources[0].rules[0].ratio.value == pytest.approx(1)
    assert not found.sources[0].rules[0].ratio.decided


def test_no_document_has_the_score() -> None:
    [found] = scores(["toxicity"], JUDGES, [], MIX)
    assert (found.read, found.sources) == (0.0, [])
