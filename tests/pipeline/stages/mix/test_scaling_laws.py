"""Scaling laws against the tables of the papers, and repetition against its own integral."""

import math

import numpy as np
import pytest

from massivetext.pipeline.stages.mix.scaling_laws import (
    APPROACH_1,
    APPROACH_3,
    BESIROGLU,
    LAWS,
    Law,
    effective_tokens,
    marginal_value,
)

# arXiv 2203.15556: N; FLOPs and tokens of Table 3 (approach 1); FLOPs and tokens of Table A3 (approach 3), in
# which 175B stands with 1.26e24 FLOPs: a slip, for 6ND is ten times that.
TABLE = (
    (400e6, 1.92e19, 8.0e9, 2.21e19, 9.2e9),
    (1e9, 1.21e20, 20.2e9, 1.62e20, 27.1e9),
    (10e9, 1.23e22, 205.1e9, 2.46e22, 410.1e9),
    (67e9, 5.76e23, 1.5e12, 1.71e24, 4.1e12),
    (175e9, 3.85e24, 3.7e12, 1.26e25, 12.0e12),
    (280e9, 9.9e24, 5.9e12, 3.52e25, 20.1e12),
    (520e9, 3.43e25, 11.0e12, 1.36e26, 43.5e12),
    (1e12, 1.27e26, 21.2e12, 5.65e26, 94.1e12),
    (10e12, 1.30e28, 216.2e12, 8.55e28, 1425.5e12),
)


@pytest.mark.parametrize("row", TABLE)
def test_approach_1_gives_table_3(row: tuple[float, ...]) -> None:
    """Within 0.4 % of FLOPs and 0.9 % of tokens (3.7T stands for 3.65T to 3.75T), but for 67B, whose row is
    not 6ND: there 2.8 % and 7.1 %."""
    parameters, flops, tokens, *_ = row
    found = APPROACH_1.of_parameters(parameters)
    is_odd = parameters == 67e9
    assert found.flops == pytest.approx(flops, rel=0.028 if is_odd else 0.0036)
    assert found.tokens == pytest.approx(tokens, rel=0.071 if is_odd else 0.0088)
    assert APPROACH_1.of_flops(flops).parameters == pytest.approx(
        parameters, rel=0.0139 if is_odd else 0.0018
    )


def test_approach_1_is_the_line_through_table_3() -> None:
    rows = np.log([row[:2] for row in TABLE if row[0] != 67e9])
    slope, level = np.polyfit(rows[:, 1] - math.log(6), rows[:, 0], 1)
    assert APPROACH_1.exponent == pytest.approx(slope, abs=2e-5)
    assert APPROACH_1.coefficient == pytest.approx(math.exp(level), rel=1e-3)


@pytest.mark.parametrize("row", TABLE)
def test_approach_3_is_above_table_a3(row: tuple[float, ...]) -> None:
    """The published constants do not give the published table: it has 2 to 16 % less, more so for larger N."""
    parameters, _, _, flops, tokens = row
    found = APPROACH_3.of_parameters(parameters)
    assert 0.84 < flops / found.flops < 0.98
    assert 0.83 < tokens / found.tokens < 0.95


def test_budgets_of_the_text() -> None:
    """Gopher's budget of 5.76e23: 40B parameters by approach 3; 18.4 tokens a parameter by the refit."""
    assert APPROACH_3.of_flops(5.76e23).parameters == pytest.approx(40e9, rel=0.01)
    refitted = BESIROGLU.of_flops(5.76e23)
    assert refitted.tokens / refitted.parameters == pytest.approx(18.4, abs=0.05)
    assert BESIROGLU.exponent == pytest.approx(0.5126, abs=5e-5), "the a that the paper reports"


def test_a_parametric_law_is_where_the_loss_is_least() -> None:
    a, b, alpha, beta = 482.01, 2085.43, 0.3478, 0.3658
    law = Law.parametric("", "", a=a, b=b, alpha=alpha, beta=beta)
    for flops in (1e18, 1e22, 1e26):
        parameters = np.geomspace(1e6, 1e14, 400_001)
        loss = a / parameters**alpha + b / (flops / 6 / parameters) ** beta
        assert law.of_flops(flops).parameters == pytest.approx(parameters[np.argmin(loss)], rel=1e-3)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_each_quantity_gives_the_others(law: Law) -> None:
    start = law.of_flops(3e21)
    assert start.flops == pytest.approx(3e21)
    for again in (law.of_parameters(start.parameters), law.of_tokens(start.tokens)):
        assert again.parameters == pytest.approx(start.parameters)
        assert again.tokens == pytest.approx(start.tokens)


@pytest.mark.parametrize(
    ("epochs", "worth", "value"),
    [(1, 1.0, 1.0), (2, 1.968, 0.937), (4, 3.726, 0.823), (8, 6.624, 0.635), (16, 10.582, 0.377)],
)
def test_repeated_tokens(epochs: float, worth: float, value: float) -> None:
    assert effective_tokens(1.0, epochs) == pytest.approx(worth, abs=5e-4)
    assert marginal_value(epochs) == pytest.approx(value, abs=5e-4)


def test_the_marginal_value_is_the_slope_of_the_effective_tokens() -> None:
    for epochs in (0.3, 1.5, 7.0, 40.0):
        slope = (effective_tokens(1e9, epochs + 1e-4) - effective_tokens(1e9, epochs - 1e-4)) / 2e5
        assert marginal_value(epochs) == pytest.approx(slope, rel=1e-6)
