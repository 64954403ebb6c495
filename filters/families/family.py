"""A family of rules: the measurements that it limits, the rules that judge by them, and the sources it judges."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.edges import Edges
from massivetext.filters.language.language import matches

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Limit:
    """The closed interval that a measurement may lie in; None leaves a side open."""

    minimum: float | None = None
    maximum: float | None = None

    @property
    def sides(self) -> tuple[float, float]:
        """The lowest and the highest value, infinite on a side that is open."""
        return (
            -np.inf if self.minimum is None else self.minimum,
            np.inf if self.maximum is None else self.maximum,
        )

    @property
    def description(self) -> str:
        """The values beyond the limit, in words."""
        sides = [("below", self.minimum), ("above", self.maximum)]
        return " or ".join(f"{side} {limit:,g}" for side, limit in sides if limit is not None)


class Rule(Protocol):
    """One reason to remove a document.

    `name` is the reason as columns, report and commands spell it. `columns` are the columns of a measured batch that
    the rule reads. `description` says in words what the rule removes.
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


FEW = 3
"""Limits of so many languages are told where a rule is described."""


@dataclass(frozen=True)
class LimitRule:
    """Removes documents with a measurement strictly beyond its limit. A document without one (null) breaks no rule.

    The languages in `languages`, named as in the configuration, have limits of their own.
    """

    name: str  # the measurement's column
    limit: Limit
    languages: Mapping[str, Limit] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.name, "language") if self.languages else (self.name,)

    @property
    def description(self) -> str:
        if len(self.languages) > FEW:
            return f"{self.limit.description}; {len(self.languages)} languages have limits of their own"
        own = [f"{language}: {limit.description or 'no limit'}" for language, limit in self.languages.items()]
        return self.limit.description + (f" ({'; '.join(own)})" if own else "")

    def broken(self, batch: pa.RecordBatch) -> Mask:
        values = batch.column(self.name).to_numpy(zero_copy_only=False).astype(np.float64)
        lowest, highest = self.sides(batch)
        beyond: Mask = (values < lowest) | (
            values > highest
        )  # a null is NaN here: no comparison with it holds
        return beyond

    def sides(self, batch: pa.RecordBatch) -> npt.NDArray[np.float64]:
        """The lowest and the highest value that each document may have, infinite on a side that is open."""
        limits = (self.limit, *self.languages.values())
        found: npt.NDArray[np.float64] = np.array([limit.sides for limit in limits])[self._numbers(batch)].T
        return found

    def has_own(self, batch: pa.RecordBatch) -> Mask:
        """Whether each document is in a language with a limit of its own."""
        own: Mask = self._numbers(batch) > 0
        return own

    def limit_of(self, language: str | None) -> Limit:
        """The limit for documents with this language label."""
        return (self.limit, *self.languages.values())[self._number(language)]

    def _numbers(self, batch: pa.RecordBatch) -> npt.NDArray[np.int64]:
        """The number of each document's limit: 0 for `limit`, from 1 on for those of `languages`."""
        if not self.languages:
            return np.zeros(len(batch), np.int64)
        encoded = batch.column("language").dictionary_encode()
        numbers = np.array([self._number(label) for label in [*encoded.dictionary.to_pylist(), None]])
        codes = encoded.indices.fill_null(len(numbers) - 1).to_numpy(zero_copy_only=False)
        found: npt.NDArray[np.int64] = numbers[codes]
        return found

    def _number(self, label: str | None) -> int:
        own = (number for number, name in enumerate(self.languages, 1) if label and matches(label, name))
        return next(own, 0)


@dataclass(frozen=True)
class Family:
    """A family of rules: one file of this folder declares it, and everything else derives from that.

    Configuration, command line, funnel, report and `removed_by` list the families by `place`. `judges` are the
    kinds of source that the family judges by default. `limits` are the defaults of its measurements, by
    column, in the order of `removed_by`; a family without limits has one rule, which bears its name. `meanings`
    says in a line what each column measures, and `edges` how its histogram is divided; a column without edges is
    a share, from 0 to 1.

    A family may have measurements of its own: `schema` holds their columns, which may have nulls, and `measure`
    computes them from a batch of documents with the column `text`. A family may rewrite the texts of the sources that
    it judges, before anything is measured: `rewrite` returns the new texts.
    """

    name: str
    place: int
    meaning: str
    judges: frozenset[str] = frozenset()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)
    edges: Mapping[str, Edges] = field(default_factory=dict)
    schema: pa.Schema = field(default_factory=lambda: pa.schema([]))
    measure: Callable[[pa.RecordBatch], pa.RecordBatch] | None = None
    rewrite: Callable[[pa.RecordBatch], pa.Array] | None = None
    is_of_columns: bool = False  # whether it limits the sources' own columns, as each source states
    is_always_shown: bool = True  # whether the funnel shows it even if it judges no source

    @property
    def columns(self) -> pa.Schema:
        """The columns that the family adds to `documents/`."""
        taken = [pa.field(self.taken_column, pa.int64())] if self.rewrite else []
        return pa.schema([*self.schema, *taken])

    @property
    def taken_column(self) -> str:
        """The column with the number of characters that the family took from each text."""
        return f"{self.name}_characters_removed"


def mask(values: pa.BooleanArray) -> Mask:
    """A boolean array as a numpy array; null becomes False."""
    found: Mask = values.fill_null(False).to_numpy(zero_copy_only=False)
    return found
