"""Measures how much a figure depends on its lexicon, by halving the lexicon at random, again and again.

The ratio of two rates is computed with each of 200 seeded halves of the lexicon's patterns. The number of matches is
each time drawn from a Poisson distribution whose mean is the count, so that few matches give a wide interval. The
interval goes from the 2.5th to the 97.5th percentile of these ratios. A figure whose interval holds 1 is undecided:
whether it is above or below 1 depends on the choice of the lexicon, or on chance.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.pipeline.stages.report.stats_audit import Sensitive

HALVES = 200
LEAST = 5  # matches of either side: with fewer, a figure is undecided

Counts = npt.NDArray[np.int64]


class Side(NamedTuple):
    """One side of a ratio: each source's matches of each pattern, its words, and its weight, its share of the whole."""

    matches: Counts  # [sources, patterns]
    words: Counts  # [sources]
    weights: npt.NDArray[np.float64]  # [sources], sum 1


def side(matches: Counts, words: int) -> Side:
    """The side that is one source."""
    return Side(matches[None, :], np.array([words], np.int64), np.ones(1))


def ratio(of: Side, to: Side, seed: int) -> Sensitive:
    """The ratio of the rate of matches in `of` to that in `to`, with its interval over halves of the patterns."""
    value = _ratio(of, to, of.matches.sum(axis=1), to.matches.sum(axis=1))
    if value is None or min(of.matches.sum(), to.matches.sum()) < LEAST:
        return Sensitive(value=value, low=None, high=None, decided=False)
    # The legacy generator, whose stream never changes.
    chance = np.random.RandomState(seed % (1 << 32))
    found = []
    patterns = of.matches.shape[1]
    for _ in range(HALVES):
        half = chance.permutation(patterns)[: max(1, (patterns + 1) // 2)]
        drawn = [chance.poisson(one.matches[:, half].sum(axis=1)) for one in (of, to)]
        found.append(_ratio(of, to, *drawn))
    # A half without a match in `to` has no ratio.
    told = [one for one in found if one is not None]
    if len(told) < HALVES // 2:
        return Sensitive(value=value, low=None, high=None, decided=False)
    low, high = np.percentile(told, [2.5, 97.5]).tolist()
    return Sensitive(value=value, low=low, high=high, decided=not low <= 1 <= high)


def rate(one: Side) -> float:
    """The number of matches in a million words."""
    return 1e6 * _rate(one, one.matches.sum(axis=1))


def _rate(one: Side, matches: Counts) -> float:
    shares = np.divide(matches, one.words, out=np.zeros(len(one.words)), where=one.words > 0)
    return float((shares * one.weights).sum())


def _ratio(of: Side, to: Side, matches: Counts, others: Counts) -> float | None:
    below = _rate(to, others)
    return _rate(of, matches) / below if below else None
