"""The model: what it may see, and that it learns."""

import numpy as np
import pytest

pytest.importorskip("jax", reason="jax is not installed")

from massivetext.pipeline.ablate import model as models
from massivetext.pipeline.ablate.measures import Measure
from massivetext.pipeline.ablate.settings import Ablation, Model, Training
from massivetext.pipeline.ablate.train import bits_per_byte, train

MODEL = Model(layers=2, width=32, heads=2, context=16)
VOCABULARY = 64


def test_a_token_is_predicted_from_those_before_it() -> None:
    weights = models.init(MODEL, VOCABULARY, seed=1)
    tokens = np.random.default_rng(0).integers(0, VOCABULARY, (1, 17)).astype(np.int32)
    other = tokens.copy()
    other[0, 10] = (other[0, 10] + 1) % VOCABULARY
    before, after = (
        np.asarray(models.losses(MODEL, weights, each[:, :-1], each[:, 1:]))[0] for each in (tokens, other)
    )
    assert np.array_equal(before[:9], after[:9])  # the loss at 9 is that of token 10
    assert not np.isclose(before[10:], after[10:]).all()


def test_positions_matter() -> None:
    weights = models.init(MODEL, VOCABULARY, seed=1)
    tokens = np.arange(16, dtype=np.int32)[None]
    swapped = tokens.copy()
    swapped[0, [2, 3]] = swapped[0, [3, 2]]
    target = np.full((1, 16), -1, np.int32)
    target[0, 15] = 7
    here, there = (float(models.losses(MODEL, weights, each, target).sum()) for each in (tokens, swapped))
    assert here != there


def test_what_is_masked_costs_nothing() -> None:
    weights = models.init(MODEL, VOCABULARY, seed=1)
    inputs = np.zeros((2, 16), np.int32)
    targets = np.full((2, 16), -1, np.int32)
    assert float(models.losses(MODEL, weights, inputs, targets).sum()) == 0


def a_measure(tokens: np.ndarray, size: int) -> Measure:
    return Measure("text", 1, size, tokens[:, :-1].astype(np.int32), tokens[:, 1:].astype(np.int32))


def test_bits_per_byte_of_an_untrained_model_are_those_of_its_vocabulary() -> None:
    tokens = np.random.default_rng(0).integers(0, VOCABULARY, (5, 17))
    weights = models.init(MODEL, VOCABULARY, seed=1)
    found = bits_per_byte(MODEL, weights, a_measure(tokens, size=5 * 16 * 4), batch=2)
    assert found == pytest.approx(np.log2(VOCABULARY) / 4, rel=0.02)


def test_it_learns_and_the_same_seed_gives_the_same() -> None:
    settings = Ablation(
        run="", model=MODEL, training=Training(tokens=1, batch=8, learning_rate=1e-2, seeds=[1])
    )
    rows = np.tile(np.arange(17, dtype=np.uint32), (400, 1))
    measure = a_measure(rows[:4], size=4 * 16)
    first, again, other = (train(settings, rows, VOCABULARY, seed, [measure]) for seed in (1, 1, 2))
    assert first.bits_per_byte["text"] < 0.1 < first.curve[0].bits_per_byte
    assert first == again
    assert first.bits_per_byte != other.bits_per_byte
    assert [point.tokens for point in first.curve][-1] == 400 * 16
