"""Trains one model on one arm, and measures it on the way."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from massivetext.filters.seeded import derive
from massivetext.pipeline.ablate import model as models
from massivetext.pipeline.ablate.measures import Measure
from massivetext.pipeline.ablate.sequences import Tokens
from massivetext.pipeline.ablate.settings import Ablation, Model

POINTS = 12
"""Points of a curve, as far apart as the steps allow."""

_WARM = 0.1  # share of the steps in which the learning rate rises
_LOWEST = 0.1  # share of the highest learning rate at the end
_DECAY = 0.1


@dataclass(frozen=True)
class Point:
    """The bits per byte of a measure after so many tokens."""

    tokens: int
    bits_per_byte: float


@dataclass(frozen=True)
class Trained:
    """The result of one model: its curve on the first measure, and its bits per byte on all measures at the end."""

    parameters: int
    embedding: int  # parameters of these
    curve: list[Point]
    bits_per_byte: dict[str, float]


def train(
    settings: Ablation, rows: Tokens, vocabulary: int, seed: int, measures: Sequence[Measure]
) -> Trained:
    """Train a model on each of uint32[sequences, context + 1] once, in the order of the seed."""
    weights = models.init(settings.model, vocabulary, seed)
    parameters, embedding = models.size(weights)
    batch = settings.training.batch
    ordered = rows[np.argsort(derive(np.arange(len(rows), dtype=np.uint64), seed, "ablation"), kind="stable")]
    steps = len(rows) // batch
    optimiser = _optimiser(settings.training.learning_rate, steps)
    state = optimiser.init(weights)
    step = jax.jit(partial(_step, settings.model, optimiser), donate_argnums=(0, 1))
    curve = []
    for number in range(steps):
        sequences = jnp.asarray(ordered[number * batch : (number + 1) * batch].astype(np.int32))
        weights, state = step(weights, state, sequences)
        if (number + 1) * POINTS // steps > number * POINTS // steps:
            tokens = (number + 1) * batch * settings.model.context
            curve.append(Point(tokens, bits_per_byte(settings.model, weights, measures[0], batch)))
    found = {one.name: bits_per_byte(settings.model, weights, one, batch) for one in measures}
    return Trained(parameters, embedding, curve, found)


def bits_per_byte(model: Model, weights: models.Weights, measure: Measure, batch: int) -> float:
    """The bits that a model takes for a byte of a measure's text, without the token that ends a document."""
    total = 0.0
    for first in range(0, len(measure.inputs), batch):
        inputs, targets = (each[first : first + batch] for each in (measure.inputs, measure.targets))
        missing = batch - len(inputs)  # so that every call has one shape
        inputs = np.pad(inputs, ((0, missing), (0, 0)))
        targets = np.pad(targets, ((0, missing), (0, 0)), constant_values=-1)
        total += float(_sum(model, weights, inputs, targets))
    return total / math.log(2) / measure.bytes


@partial(jax.jit, static_argnums=0)
def _sum(model: Model, weights: models.Weights, inputs: Any, targets: Any) -> Any:
    return models.losses(model, weights, inputs, targets).sum()


def _optimiser(rate: float, steps: int) -> optax.GradientTransformation:
    schedule = optax.warmup_cosine_decay_schedule(
        0.0, rate, max(1, round(_WARM * steps)), max(2, steps), _LOWEST * rate
    )
    return optax.chain(
        optax.clip_by_global_norm(1.0), optax.adamw(schedule, b2=0.95, weight_decay=_DECAY, mask=_is_matrix)
    )


def _is_matrix(weights: models.Weights) -> Any:
    return jax.tree.map_with_path(lambda path, _: "norm" not in jax.tree_util.keystr(path), weights)


def _step(
    model: Model, optimiser: optax.GradientTransformation, weights: models.Weights, state: Any, sequences: Any
) -> tuple[models.Weights, Any]:
    def loss(given: models.Weights) -> Any:
        return models.losses(model, given, sequences[:, :-1], sequences[:, 1:]).mean()

    updates, state = optimiser.update(jax.grad(loss)(weights), state, weights)
    return optax.apply_updates(weights, updates), state
