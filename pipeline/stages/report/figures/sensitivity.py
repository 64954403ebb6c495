"""How much a figure depends on the lexicon that it was taken with: the lexicon is halved at random, again and again.

A ratio of rates is taken anew with each of 200 seeded halves of the lexicon's patterns, their matches drawn from
Poisson distributions of the counted means, so that few matches give a wide interval. The interval is what lies
between the 2.5th and the 97.5th percentile. A figure whose interval holds 1 is undecided: its sign depends on the
choice of the lexicon, or on chance.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.pipeline.stages.report.stats import Sensitive

HALVES = 200
LEAST = 5  # matches, of either side: fewer decide nothing

Counts = npt.NDArray[np.int64]


class Side(NamedTuple):
    """Matches of each pattern, and words: of some sources, each with a weight that is their share of the whole."""

    matches: Counts  # [sources, patterns]
    words: Counts  # [sources]
    weights: npt.NDArray[np.float64]  # [sources], sum 1


def side(matches: Counts, words: int) -> Side:
    """Of one source."""
    return Side(matches[None, :], np.array([words], np.int64), np.ones(1))


def ratio(of: Side, to: Side, seed: int) -> Sensitive:
    """The rate of matches in one side to that in another, with its interval over halves of the patterns."""
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
    # A half that no text of the other side matches says nothing.
    told = [one for one in found if one is not None]
    if len(told) < HALVES // 2:
        return Sensitive(value=value, low=None, high=None, decided=False)
    low, high = np.percentile(told, [2.5, 97.5]).tolist()
    return Sensitive(value=value, low=low, high=high, decided=not low <= 1 <= high)


def rate(one: Side) -> float:
    """Matches in a million words."""
    return 1e6 * _rate(one, one.matches.sum(axis=1))


def _rate(one: Side, matches: Counts) -> float:
    shares = np.divide(matches, one.words, out=np.zeros(len(one.words)), where=one.words > 0)
    return float((shares * one.weights).sum())


def _ratio(of: Side, to: Side, matches: Counts, others: Counts) -> float | None:
    below = _rate(to, others)
    return _rate(of, matches) / below if below else None
