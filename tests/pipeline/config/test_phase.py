"""Phases are checked before anything runs, and their weights are shares of their tokens."""

import pytest
from pydantic import ValidationError

from massivetext.pipeline.config.model import Config

SOURCES = {name: {"kind": "text", "paths": ["x"], "weight": 0.5} for name in ("a", "b")}
WARM_UP = {"name": "warm-up", "until": 100, "weights": {"a": 3, "b": 1}}
MAIN = {"name": "main", "until": 900}
ANNEALING = {"name": "annealing", "weights": {"b": 2}}


def config(*phases: dict) -> Config:
    return Config.model_validate({"sources": SOURCES, "mix": {"tokens": 1000, "phases": phases}})


def test_each_phase_has_its_tokens_and_weights():
    found = config(WARM_UP, MAIN, ANNEALING).phases
    assert [(one.name, one.tokens) for one in found] == [("warm-up", 100), ("main", 800), ("annealing", 100)]
    assert [one.weights for one in found] == [{"a": 0.75, "b": 0.25}, {"a": 0.5, "b": 0.5}, {"a": 0, "b": 1}]


def test_the_weights_of_all_phases_are_those_of_the_mix():
    assert config(WARM_UP, MAIN, ANNEALING).weights == {"a": 0.475, "b": 0.525}
    assert config().weights == {"a": 0.5, "b": 0.5}


def test_the_phases_of_a_sample_shrink_with_it():
    made = Config.model_validate(
        {
            "sources": SOURCES,
            "sample": 0.1,
            "mix": {"tokens": 100_000, "phases": [WARM_UP | {"until": 10_000}, ANNEALING]},
        }
    )
    assert [one.tokens for one in made.phases] == [1000, 9000]


@pytest.mark.parametrize(
    ("phases", "message"),
    [
        ([MAIN], "the last phase ends with the mix"),
        ([ANNEALING, {"name": "main"}], "say at how many tokens it ends"),
        ([MAIN, WARM_UP, ANNEALING], "100 is not between 900, where the phase begins, and 1000"),
        ([MAIN | {"until": 1000}, ANNEALING], "1000 is not between 0"),
        ([MAIN, {"name": "main"}], "another phase is named `main` too"),
        ([MAIN, {"name": "last", "weights": {"c": 1}}], "no source is named `c`; there are a, b"),
        ([{"name": "last", "weights": {"a": 0}}], "no weight is above 0"),
        ([{"name": "last", "weights": {"a": -1}}], "greater than or equal to 0"),
    ],
)
def test_phases_that_cannot_be_are_told(phases: list[dict], message: str):
    with pytest.raises(ValidationError, match=message):
        config(*phases)


def test_a_mix_of_everything_has_no_phases():
    with pytest.raises(ValidationError, match="phases end at a number of tokens"):
        Config.model_validate({"sources": SOURCES, "mix": {"tokens": "all", "phases": [ANNEALING]}})
