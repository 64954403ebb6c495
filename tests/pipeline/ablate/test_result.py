"""Intervals over seeds, and the verdicts that they allow."""

import math

import pytest

from massivetext.pipeline.ablate.result import Cell, Mean, rows


def test_an_interval_is_students() -> None:
    found = Mean.of([1.0, 2.0, 3.0])
    assert found.mean == 2
    # t of 2 degrees of freedom, 95 %: 4.303; the standard error is 1 / sqrt(3)
    assert found.low == pytest.approx(2 - 4.303 / math.sqrt(3))
    assert found.high == pytest.approx(2 + 4.303 / math.sqrt(3))


def test_a_single_seed_has_no_interval_and_decides_nothing() -> None:
    assert Mean.of([1.0]) == Mean(mean=1, low=None, high=None)
    assert (
        Cell(arm="b", by_seed=[1], bits_per_byte=Mean.of([1.0]), difference=Mean.of([-9.0])).verdict
        == "undecided"
    )


@pytest.mark.parametrize(
    ("difference", "verdict"),
    [([-0.1, -0.11, -0.09], "better"), ([0.1, 0.11, 0.09], "worse"), ([-0.1, 0.1, 0.0], "undecided")],
)
def test_an_arm_is_judged_by_the_interval_of_its_difference(difference: list[float], verdict: str) -> None:
    cell = Cell(
        arm="b", by_seed=difference, bits_per_byte=Mean.of(difference), difference=Mean.of(difference)
    )
    assert cell.verdict == verdict


def test_arms_are_compared_with_the_first_seed_by_seed() -> None:
    found = {"raw": [{"web": 3.0}, {"web": 5.0}], "kept": [{"web": 2.9}, {"web": 4.9}]}
    [row] = rows(found, {"web": (10, 1000)})
    first, second = row.cells
    assert (first.difference, first.verdict) == (None, None)
    assert second.difference is not None
    # The seeds differ by 2, but the arms by the same in each: paired, that is decided.
    assert second.difference.mean == pytest.approx(-0.1)
    assert second.verdict == "better"
