"""Counts what other limits would keep, over every stored measurement. The page alone estimates it from a sample.

Memory: 8 bytes for each document and measurement that a limit judges, 1 or 2 for each rule, and 10 more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.families.family import Limit, LimitRule, Mask
from massivetext.filters.judge import judge
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.rules import judges
from massivetext.pipeline.storage import files, layout, parquet


class Recounted(NamedTuple):
    """The documents of a source that rules keep, and the bytes of their texts: by the run's limits, and by others."""

    source: str
    documents: int  # all that are judged
    before: int
    after: int
    bytes_before: int
    bytes_after: int


@dataclass(frozen=True)
class _Limited:
    """A limit that may change, with its measurement of every document of a source."""

    values: npt.NDArray[np.float64]  # NaN if it was not measured
    moves: Mask | None  # whether a change applies: not to languages with their own limit; None: to all
    broken: Mask

    def fill(self, rows: slice, batch: pa.RecordBatch, rule: LimitRule, broken: Mask) -> None:
        """Take the documents of a batch, which are these rows of the source."""
        self.values[rows] = batch.column(rule.name).to_numpy(zero_copy_only=False)
        self.broken[rows] = broken
        if self.moves is not None:
            self.moves[rows] = ~rule.has_own(batch)

    def broken_by(self, limit: Limit) -> Mask:
        low, high = limit.sides
        beyond: Mask = (self.values < low) | (self.values > high)
        return beyond if self.moves is None else np.where(self.moves, beyond, self.broken)


@dataclass(frozen=True)
class Counted:
    """The measurements of one source."""

    source: str
    sizes: npt.NDArray[np.int64]
    times: npt.NDArray[np.int16]  # how many rules each document breaks
    limits: Mapping[str, _Limited]

    @classmethod
    def read(cls, out: str, source: str, config: Config) -> Self:
        """Read the measurements of a source that limits judge."""
        rules = judges(config)[source]
        limits = [rule for rule in rules if isinstance(rule, LimitRule)]
        columns = {"text_bytes", "language", *(column for rule in rules for column in rule.columns)}
        paths = [path for path, _ in files.match(f"{out}/{layout.documents_of(source)}")]
        count = sum(parquet.count(path) for path in paths)
        sizes, times = np.zeros(count, np.int64), np.zeros(count, np.int16)
        read = {
            rule.name: _Limited(
                np.zeros(count),
                np.zeros(count, np.bool_) if rule.languages else None,
                np.zeros(count, np.bool_),
            )
            for rule in limits
        }
        end = 0
        for path in paths:
            for batch in parquet.batches(path, sorted(columns)):
                rows, end = slice(end, end + len(batch)), end + len(batch)
                verdicts = judge(batch, rules)
                sizes[rows] = batch.column("text_bytes").to_numpy(zero_copy_only=False)
                times[rows] = verdicts.sum(axis=1, dtype=np.int16)
                for number, rule in enumerate(rules):
                    if isinstance(rule, LimitRule):
                        read[rule.name].fill(rows, batch, rule, verdicts[:, number])
        return cls(source, sizes, times, read)

    def recount(self, limits: Mapping[str, Limit]) -> Recounted:
        """Count what the rules keep with these limits in place of the run's own; other limits stay."""
        times = self.times
        for name, limit in limits.items():
            if (one := self.limits.get(name)) is not None:
                times = times - one.broken + one.broken_by(limit)
        before, after = self.times == 0, times == 0
        return Recounted(
            self.source,
            len(times),
            int(before.sum()),
            int(after.sum()),
            int(self.sizes[before].sum()),
            int(self.sizes[after].sum()),
        )


def read(out: str, config: Config) -> list[Counted]:
    """Read the measurements of every source that a limit judges."""
    return list(_read(out, config))


def _read(out: str, config: Config) -> Iterator[Counted]:
    for source, rules in judges(config).items():
        if any(isinstance(rule, LimitRule) for rule in rules):
            yield Counted.read(out, source, config)
