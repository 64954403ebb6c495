"""Epochs: computes how often a mix repeats each source, and weights that repeat no source too often."""

from collections.abc import Mapping
from dataclasses import dataclass

from massivetext.pipeline.stages.mix import scaling_laws

FINEST = 1_000_000  # weights are whole multiples of its inverse


@dataclass(frozen=True)
class Repetition:
    """One source in a mix. Tokens are counts; `available` may be an expectation."""

    weight: float
    wanted: float
    available: float
    epochs: float | None  # None if the source has no tokens
    last_token_worth: float | None  # as a share of the worth of a new token
    effective: float  # how many new tokens `wanted` tokens of this source are worth
    used_once_at: float | None  # tokens of a mix that has one epoch of it; None at weight 0
    too_often_at: float | None  # tokens of a mix that has max_epochs of it
    weight_within: (
        float | None
    )  # the nearest weight that keeps every source within max_epochs; None: no weights do


def repetitions(
    weights: Mapping[str, float], available: Mapping[str, float], tokens: float, max_epochs: float
) -> dict[str, Repetition]:
    """Returns what a mix of `tokens` asks of each source."""
    within = weights_within(weights, available, tokens, max_epochs)
    found = {}
    for source, weight in weights.items():
        wanted, has = weight * tokens, available[source]
        epochs = wanted / has if has else None
        found[source] = Repetition(
            weight=weight,
            wanted=wanted,
            available=has,
            epochs=epochs,
            last_token_worth=None if epochs is None else scaling_laws.marginal_value(epochs),
            effective=0.0 if epochs is None else scaling_laws.effective_tokens(has, epochs),
            used_once_at=has / weight if weight else None,
            too_often_at=has * max_epochs / weight if weight else None,
            weight_within=None if within is None else within[source],
        )
    return found


def runs_out_first(found: Mapping[str, Repetition]) -> str | None:
    """Returns the source that a growing mix uses up first, or None if no source has a weight."""
    asked = {source: one.used_once_at for source, one in found.items() if one.used_once_at is not None}
    return min(asked, key=lambda source: asked[source]) if asked else None


def weights_within(
    weights: Mapping[str, float], available: Mapping[str, float], tokens: float, max_epochs: float
) -> dict[str, float] | None:
    """Returns the nearest weights that repeat no source more than `max_epochs` times; None if there are none.

    A source that would be repeated more often gives the most that it can. The others share the rest in
    proportion to their weights. A weight of 0 stays 0. Weights are multiples of 1 / FINEST and sum to 1.
    """
    most = {source: int(max_epochs * available[source] / tokens * FINEST) for source in weights}
    asked = {source for source, weight in weights.items() if weight > 0}
    if sum(most[source] for source in asked) < FINEST:
        return None
    full: set[str] = set()
    while True:
        left = FINEST - sum(most[source] for source in full)
        shared = sum(weights[source] for source in asked - full)
        scaled = {source: weights[source] / shared * left for source in asked - full}
        over = {source for source, share in scaled.items() if share > most[source]}
        if not over:
            break
        full |= over
    given = {source: most[source] for source in full} | {s: int(share) for s, share in scaled.items()}
    for source in sorted(asked, key=lambda source: given[source] - most[source]):  # most room first
        given[source] += min(FINEST - sum(given.values()), most[source] - given[source])
    return {source: given.get(source, 0) / FINEST for source in weights}


def unimax(
    weights: Mapping[str, float], available: Mapping[str, float], tokens: float, max_epochs: float
) -> dict[str, float] | None:
    """Returns equal weights, lowered where they would repeat a source more than `max_epochs` times; None if there are
    none.

    The other sources share equally what a source cannot give (UniMax: Chung et al. 2023, arXiv 2304.09151, algorithm
    1). A source of weight 0 stays out.
    """
    equal = {source: float(weight > 0) for source, weight in weights.items()}
    return weights_within(equal, available, tokens, max_epochs)


PROPOSALS = {"within": weights_within, "unimax": unimax}
"""The rules by which a plan proposes weights, by name."""
