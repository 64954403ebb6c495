"""Wilson's interval against its definition: where the score test just does not reject."""

import math

import pytest

from massivetext.pipeline.stages.report.figures.interval import Z, wilson


@pytest.mark.parametrize(("count", "of"), [(1, 2), (3, 10), (97, 98), (120, 5000), (5000, 10_000)])
def test_ends_are_where_the_score_test_turns(count: int, of: int) -> None:
    found = wilson(count, of)
    assert found.share == count / of
    assert found.low < found.share < found.high
    for end in (found.low, found.high):
        assert abs(found.share - end) / math.sqrt(end * (1 - end) / of) == pytest.approx(Z)


def test_none_and_all() -> None:
    assert (wilson(0, 20).low, wilson(20, 20).high) == (0.0, 1.0)
    assert wilson(0, 20).high == pytest.approx(1 - wilson(20, 20).low)
    assert 0.1 < wilson(0, 20).high < 0.2
