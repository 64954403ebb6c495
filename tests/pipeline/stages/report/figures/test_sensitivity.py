"""Ratios of rates with the interval over halves of a lexicon."""

import numpy as np
import pytest

from massivetext.pipeline.stages.report.figures.sensitivity import Side, rate, ratio, side


def test_a_ratio_on_which_every_pattern_agrees_is_decided() -> None:
    found = ratio(side(np.array([40, 50, 60, 44]), 10_000), side(np.array([100, 125, 150, 110]), 100_000), 17)
    assert found.value == pytest.approx((194 / 10_000) / (485 / 100_000))
    assert found.low is not None
    assert found.high is not None
    assert 1 < found.low < found.value < found.high
    assert found.decided


def test_a_ratio_whose_sign_depends_on_the_patterns_is_undecided() -> None:
    """Two patterns say more, two less: a lexicon of either kind alone would have had another sign."""
    found = ratio(side(np.array([90, 80, 1, 2]), 10_000), side(np.array([300, 250, 400, 420]), 100_000), 17)
    assert found.value is not None
    assert found.value > 1.2
    assert found.low is not None
    assert found.high is not None
    assert found.low < 1 < found.high
    assert not found.decided


def test_few_matches_decide_nothing() -> None:
    found = ratio(side(np.array([2, 2]), 100), side(np.array([2, 2]), 100_000), 17)
    assert (found.value, found.low, found.decided) == (pytest.approx(1000), None, False)
    assert ratio(side(np.array([2]), 100), side(np.array([0]), 100), 17).value is None
    assert ratio(side(np.array([0]), 0), side(np.array([9]), 100), 17).value == 0


def test_the_same_seed_gives_the_same_interval() -> None:
    sides = side(np.array([40, 50]), 10_000), side(np.array([100, 125]), 100_000)
    assert ratio(*sides, 17) == ratio(*sides, 17)
    assert ratio(*sides, 17) != ratio(*sides, 18)


def test_sources_count_by_their_weights() -> None:
    """A source that is repeated in the mix counts as often as it stands there."""
    two = Side(np.array([[10], [90]]), np.array([1000, 1000]), np.array([0.75, 0.25]))
    assert rate(two) == pytest.approx(1e6 * (0.75 * 0.01 + 0.25 * 0.09))
