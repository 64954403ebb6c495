"""What a family of rules is: the measurements it limits, the rules that judge by them, and where it applies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Limit:
    """The closed interval that a measurement may lie in; None leaves a side open."""

    minimum: float | None = None
    maximum: float | None = None


class Rule(Protocol):
    """One reason to remove a document.

    `name` is the reason as columns, report and commands spell it. `columns` are those of a measured batch that
    the rule looks at. `description` says in words what the rule removes.
    """

    @property
    def name(self) -> str: ...

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def description(self) -> str: ...

    def broken(self, batch: pa.RecordBatch) -> Mask:
        """True for each document of a measured batch that breaks the rule."""
        ...


@dataclass(frozen=True)
class LimitRule:
    """A measurement strictly beyond its limit. A document that was not measured (null) breaks nothing."""

    name: str  # the measurement's column
    limit: Limit

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def description(self) -> str:
        sides = [("below", self.limit.minimum), ("above", self.limit.maximum)]
        return " or ".join(f"{side} {limit:,g}" for side, limit in sides if limit is not None)

    def broken(self, batch: pa.RecordBatch) -> Mask:
        values = batch.column(self.name).to_numpy(zero_copy_only=False).astype(np.float64)
        beyond = np.zeros(len(values), dtype=np.bool_)
        if self.limit.minimum is not None:
            beyond |= values < self.limit.minimum  # a null is NaN here, and no comparison with it holds
        if self.limit.maximum is not None:
            beyond |= values > self.limit.maximum
        return beyond


@dataclass(frozen=True)
class Family:
    """A family of rules: one file of this folder declares it, and everything else derives from that.

    Configuration, command line, funnel, report and `removed_by` list the families by `place`. `judges` are the
    kinds of source that the family judges by default. `limits` are the defaults of its measurements, by
    column, in the order of `removed_by`; a family without limits has one rule, which bears its name. `meanings`
    says in a line what each column measures.
    """

    name: str
    place: int
    meaning: str
    judges: frozenset[str] = frozenset()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)
    is_always_shown: bool = True  # in the funnel; else only where it judges a source


def mask(values: pa.BooleanArray) -> Mask:
    """A boolean array as numpy's; null is False."""
    found: Mask = values.fill_null(False).to_numpy(zero_copy_only=False)
    return found
