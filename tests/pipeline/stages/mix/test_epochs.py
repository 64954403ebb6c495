"""Epochs of a mix, and weights that keep them within a limit, as the mix itself checks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massivetext.pipeline.stages.mix.epochs import repetitions, runs_out_first, unimax, weights_within
from massivetext.pipeline.stages.mix.target import targets

HAS = {"web": 900_000.0, "books": 100_000.0, "code": 10_000.0}
WEIGHTS = {"web": 0.5, "books": 0.3, "code": 0.2}


def test_what_a_mix_asks_of_each_source() -> None:
    found = repetitions(WEIGHTS, HAS, 1e6, 4)
    assert [one.epochs for one in found.values()] == pytest.approx([5 / 9, 3, 20])
    assert [one.used_once_at for one in found.values()] == pytest.approx([1.8e6, 1e6 / 3, 5e4])
    assert [one.too_often_at for one in found.values()] == pytest.approx([7.2e6, 4e6 / 3, 2e5])
    assert found["web"].effective == pytest.approx(5e5)
    assert 2e5 < found["books"].effective < 3e5
    assert runs_out_first(found) == "code"


def test_the_excess_goes_to_the_others_in_proportion() -> None:
    within = weights_within(WEIGHTS, HAS, 1e6, 4)
    assert within == pytest.approx({"web": 0.6, "books": 0.36, "code": 0.04}, abs=2e-6)
    assert weights_within(WEIGHTS, HAS, 1e5, 4) == pytest.approx(WEIGHTS, abs=2e-6), (
        "nothing is over, nothing changes"
    )
    assert weights_within(WEIGHTS, HAS, 4.1e6, 4) is None, "all sources together have 4.04e6 in 4 epochs"


def test_a_source_without_weight_or_tokens_gives_none() -> None:
    found = repetitions({"a": 1.0, "b": 0.0}, {"a": 10.0, "b": 10.0}, 100, 4)
    assert found["a"].weight_within is None, "b is not asked, whatever it has"
    assert found["b"].used_once_at is None
    assert repetitions({"a": 0.5, "b": 0.5}, {"a": 50.0, "b": 0.0}, 100, 4)["b"].epochs is None


SOURCE = st.tuples(st.integers(0, 100), st.integers(0, 10**7))


@given(st.lists(SOURCE, min_size=1, max_size=6), st.integers(10**3, 10**8), st.floats(0.5, 8))
def test_the_mix_accepts_the_weights(sources: list[tuple[int, int]], tokens: int, max_epochs: float) -> None:
    total = sum(weight for weight, _ in sources)
    if not total:
        return
    weights = {str(i): weight / total for i, (weight, _) in enumerate(sources)}
    available = {str(i): has for i, (_, has) in enumerate(sources)}
    within = weights_within(weights, available, tokens, max_epochs)
    asked = sum(available[name] for name in weights if weights[name]) * max_epochs
    if within is None:
        assert asked < tokens * (1 + 1e-5)
    else:
        assert sum(within.values()) == pytest.approx(1, abs=1e-9)
        assert all(within[name] == 0 for name in weights if not weights[name])
        allowed = max_epochs + 1 / min((has for has in available.values() if has), default=1)  # it rounds
        targets(within, available, tokens, allowed)


def test_unimax_shares_equally_what_small_sources_cannot_give() -> None:
    """Of 1,000 tokens, a source of 50 gives 200 at four epochs; the two others share the rest."""
    weights, available = (
        {"a": 0.9, "b": 0.05, "c": 0.05, "d": 0.0},
        {"a": 5000.0, "b": 50.0, "c": 900.0, "d": 9.0},
    )
    assert unimax(weights, available, 1000, 4) == {"a": 0.4, "b": 0.2, "c": 0.4, "d": 0.0}
    assert unimax(weights, available, 1e9, 4) is None
