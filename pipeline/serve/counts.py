"""Counts what other limits would keep, over every stored measurement. The page alone estimates it from a sample.

Memory: the measurements that limits judge, as they are stored, and 1 or 2 bytes for each rule and document.
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

    values: npt.NDArray[np.float64]
    moves: Mask | None  # whether a change applies: not to languages with their own limit; None: to all
    broken: Mask

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
        sizes, times = [np.zeros(0, np.int64)], [np.zeros(0, np.int16)]
        values: dict[str, list[npt.NDArray[np.float64]]] = {rule.name: [] for rule in limits}
        broken: dict[str, list[Mask]] = {rule.name: [] for rule in limits}
        own: dict[str, list[Mask]] = {rule.name: [] for rule in limits}
        for path, _ in files.match(f"{out}/{layout.documents_of(source)}"):
            for batch in parquet.batches(path, sorted(columns)):
                verdicts = judge(batch, rules)
                sizes.append(batch.column("text_bytes").to_numpy(zero_copy_only=False))
                times.append(verdicts.sum(axis=1, dtype=np.int16))
                for number, rule in enumerate(rules):
                    if isinstance(rule, LimitRule):
                        values[rule.name].append(_numbers(batch, rule.name))
                        broken[rule.name].append(np.ascontiguousarray(verdicts[:, number]))
                        own[rule.name].append(rule.has_own(batch))
        limited = {
            rule.name: _Limited(
                np.concatenate(values[rule.name]),
                ~np.concatenate(own[rule.name]) if rule.languages else None,
                np.concatenate(broken[rule.name]),
            )
            for rule in limits
            if values[rule.name]
        }
        return cls(source, np.concatenate(sizes), np.concatenate(times), limited)

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


def _numbers(batch: pa.RecordBatch, column: str) -> npt.NDArray[np.float64]:
    """Returns a measurement of each document: float64[n], NaN if it was not measured."""
    found: npt.NDArray[np.float64] = batch.column(column).to_numpy(zero_copy_only=False)
    return found


def read(out: str, config: Config) -> list[Counted]:
    """Read the measurements of every source that a limit judges."""
    return list(_read(out, config))


def _read(out: str, config: Config) -> Iterator[Counted]:
    for source, rules in judges(config).items():
        if any(isinstance(rule, LimitRule) for rule in rules):
            yield Counted.read(out, source, config)
