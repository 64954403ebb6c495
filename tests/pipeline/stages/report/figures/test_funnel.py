"""The sum of the sources' funnels."""

from massivetext.pipeline.stages.report.figures.funnel import together
from massivetext.pipeline.stages.report.stats import Funnel, Step
from massivetext.pipeline.stages.report.stats_part import Amount


def funnel(source: str, read: int, kept: int, tokens: int) -> Funnel:
    ratio = tokens / kept if kept else None
    return Funnel(
        source=source,
        steps=[
            Step(name="read", amount=Amount(documents=1, bytes=read), tokens=ratio and round(read * ratio)),
            Step(name="kept", amount=Amount(documents=1, bytes=kept), tokens=tokens),
        ],
    )


def test_a_source_that_keeps_nothing_takes_the_ratio_of_all():
    total = together([funnel("a", 1000, 500, 100), funnel("b", 600, 0, 0)])
    assert [step.tokens for step in total.steps] == [200 + 120, 100]


def test_nothing_kept_at_all_is_unknown():
    assert [step.tokens for step in together([funnel("a", 1000, 0, 0)]).steps] == [None, 0]
