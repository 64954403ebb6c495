"""The result of an ablation: each arm's bits per byte over seeds, and the difference from the first arm."""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import Literal

from pydantic import BaseModel

# Student's t for a two-sided interval of 95 %, by degrees of freedom.
_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
_NORMAL = 1.96


class Mean(BaseModel):
    """A mean over seeds and its interval of 95 %; without an interval for a single seed."""

    mean: float
    low: float | None
    high: float | None

    @classmethod
    def of(cls, values: Sequence[float]) -> "Mean":
        mean, freedom = fmean(values), len(values) - 1
        if not freedom:
            return cls(mean=mean, low=None, high=None)
        quantile = _T[freedom - 1] if freedom <= len(_T) else _NORMAL
        half = quantile * stdev(values) / math.sqrt(len(values))
        return cls(mean=mean, low=mean - half, high=mean + half)


class Cell(BaseModel):
    """An arm on a measure: bits per byte, and the difference to the first arm with the same seeds."""

    arm: str
    by_seed: list[float]
    bits_per_byte: Mean
    difference: Mean | None = None  # None for the first arm

    @property
    def verdict(self) -> Literal["better", "worse", "undecided"] | None:
        """Whether the arm needs fewer bits than the first one; undecided if the interval holds 0 or is missing."""
        if self.difference is None:
            return None
        if self.difference.low is None or self.difference.high is None:
            return "undecided"
        if self.difference.high < 0:
            return "better"
        return "worse" if self.difference.low > 0 else "undecided"


class Row(BaseModel):
    """A measure, and every arm on it."""

    measure: str
    documents: int
    bytes: int
    cells: list[Cell]


class Curve(BaseModel):
    """The mean over seeds of an arm's bits per byte on the first measure, by the number of tokens."""

    arm: str
    tokens: list[int]
    bits_per_byte: list[float]


class Facts(BaseModel):
    """The model and the training that all arms share."""

    parameters: int
    embedding: int  # parameters of these
    sequences: int  # of each arm
    tokens: int  # that each model was trained on
    seeds: list[int]
    seconds: float  # of all trainings, by the clock
    device: str
    jax: str


class Result(BaseModel):
    """An ablation, as in ablation.json."""

    version: Literal[1] = 1
    run: str
    settings: dict[str, object]
    facts: Facts
    rows: list[Row]
    curves: list[Curve]

    @property
    def is_null(self) -> bool:
        """Whether no arm differs from the first one on any measure."""
        return all(cell.verdict in (None, "undecided") for row in self.rows for cell in row.cells)


def rows(
    found: Mapping[str, Sequence[Mapping[str, float]]], sizes: Mapping[str, tuple[int, int]]
) -> list[Row]:
    """Returns a row for each measure. `found` has bits per byte by arm, seed and measure; `sizes`, documents and
    bytes."""
    first = next(iter(found))
    made = []
    for measure, (documents, size) in sizes.items():
        cells = []
        for arm, seeds in found.items():
            values = [each[measure] for each in seeds]
            cell = Cell(arm=arm, by_seed=values, bits_per_byte=Mean.of(values))
            if arm != first:
                pairs = zip(values, found[first], strict=True)
                cell.difference = Mean.of([value - other[measure] for value, other in pairs])
            cells.append(cell)
        made.append(Row(measure=measure, documents=documents, bytes=size, cells=cells))
    return made
