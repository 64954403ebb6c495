"""Each warning where it is due, and none where all is well."""

import pytest

from massivetext.pipeline.stages.report.figures.warnings import warnings
from massivetext.pipeline.stages.report.stats import Funnel, Rule, SourceFigures, Step
from massivetext.pipeline.stages.report.stats_matches import Canary, Contamination
from massivetext.pipeline.stages.report.stats_mix import Mix, Mixed
from massivetext.pipeline.stages.report.stats_part import Amount

WELL = {"read": 100, "failed": 0, "exact": 5, "near": 20, "contaminated": 1, "kept": 74}


def funnel(**documents: int) -> Funnel:
    steps = {**WELL, **documents}
    amounts = {name: Amount(documents=count, bytes=10 * count) for name, count in steps.items()}
    return Funnel(
        source="web", steps=[Step(name=name, amount=one, tokens=None) for name, one in amounts.items()]
    )


def rule(broken: int) -> Rule:
    amounts = {"judged": Amount(documents=100), "broken": Amount(documents=broken)}
    total = SourceFigures(source="all", first=Amount(), only=Amount(), **amounts)
    return Rule(
        name="hash_ratio", family="quality", minimum=None, maximum=0.1, description="above 0.1",
        sources=[total], languages={},
    )  # fmt: skip


def match(
    matched: int, removed: int, containment: float, source: str = "web", kept_with_item: int = 0
) -> Contamination:
    return Contamination(
        test_set="quiz", source=source, matched=Amount(documents=matched), removed=Amount(documents=removed),
        highest_jaccard=0.1, highest_containment=containment, kept_with_item=kept_with_item,
        highest_kept=containment,
    )  # fmt: skip


def mixed(weight: float, share: float, epochs: float = 1.0, tokens: int = 1000) -> Mixed:
    return Mixed(
        source="web", documents=74, bytes=740, tokens=tokens, weight=weight, wanted=0, given=0, share=share,
        epochs=epochs, sequences=1, padding=0, byte_fallback=0,
    )  # fmt: skip


def codes(
    funnels: Funnel | None = None,
    rules: Rule | None = None,
    contamination: list[Contamination] | None = None,
    canaries: list[Canary] | None = None,
    source: Mixed | None = None,
) -> list[str]:
    mix = Mix(
        target=1_000_000,
        sequence_length=512,
        max_epochs=8,
        vocabulary=None,
        sources=[source or mixed(0.5, 0.5)],
    )
    found = warnings(
        [funnels or funnel()],
        [rules or rule(3)],
        contamination or [match(2, 0, 0.3)],
        canaries or [],
        mix,
        [],
        0.6,
    )
    assert all(warning.message for warning in found)
    return [warning.code for warning in found]


def test_none_where_all_is_well() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ({"failed": 1}, ["failed"]),
        ({"read": 0, "exact": 0, "near": 0, "contaminated": 0, "kept": 0}, ["empty"]),
        ({"near": 0, "kept": 0}, ["emptied"]),
        ({"near": 60, "kept": 34}, []),  # 60 of 100 candidates
        ({"near": 61, "kept": 33}, ["over_deletion"]),
    ],
)
def test_of_the_funnel(documents: dict[str, int], expected: list[str]) -> None:
    assert codes(funnel(**documents)) == expected


def test_the_source_that_lost_most_comes_first() -> None:
    few, many = funnel(failed=1), funnel(failed=60).model_copy(update={"source": "broken"})
    mix = Mix(target=0, sequence_length=512, max_epochs=8, vocabulary=None, sources=[])
    found = warnings([few, many], [], [], [], mix, [], 1.0)
    assert [(one.subject, one.message.split(":")[0]) for one in found] == [
        ("broken", "60 of 100 records could not be read"),
        ("web", "1 of 100 records could not be read"),
    ]


def test_of_rules_that_remove_nothing() -> None:
    assert codes(rules=rule(0)) == ["idle_rule"]


def test_of_canaries_that_are_not_found() -> None:
    found = [Canary(form="capitals", tried=64, found=64), Canary(form="LaTeX", tried=64, found=57)]
    assert codes(canaries=found) == ["canaries"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([match(0, 0, 0.0), match(0, 0, 0.0, "books")], []),  # a clean test set is good news
        ([match(1, 0, 0.8, kept_with_item=1)], ["contained"]),
        ([match(2, 1, 1.0)], []),
        ([match(2, 1, 1.0, kept_with_item=1)], ["contained"]),  # whatever else was removed
    ],
)
def test_of_test_sets(rows: list[Contamination], expected: list[str]) -> None:
    assert codes(contamination=rows) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (mixed(0.5, 0.494), ["weight"]),
        (mixed(0.5, 0.496), []),
        (mixed(0.02, 0.016), ["weight"]),  # a fifth of a small source
        (mixed(0.02, 0.0195), []),
        (mixed(0.0, 0.1), []),  # not asked for
        (mixed(0.1, 0.0, tokens=0), ["weight"]),
        (mixed(0.5, 0.5, epochs=4.0), []),
        (mixed(0.5, 0.5, epochs=4.01), ["epochs"]),
    ],
)
def test_of_the_mix(source: Mixed, expected: list[str]) -> None:
    assert codes(source=source) == expected
