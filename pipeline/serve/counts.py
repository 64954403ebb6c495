"""What other limits would keep, counted over every stored measurement: exact where the page samples.

Memory: the measurements of limits as they are stored, and a byte for each rule and document.
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
    """Documents of a source, and bytes of their text, that the rules keep: as the run had it, and by other limits."""

    source: str
    documents: int  # that are judged
    before: int
    after: int
    bytes_before: int
    bytes_after: int


@dataclass(frozen=True)
class _Limited:
    """A limit that may be moved, over all documents of a source."""

    values: npt.NDArray[np.float64]
    moves: Mask | None  # documents in languages without a limit of their own; None: all
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
    times: npt.NDArray[np.int16]  # rules that each document breaks
    limits: Mapping[str, _Limited]

    @classmethod
    def read(cls, out: str, source: str, config: Config) -> Self:
        """Read every measurement of a source that a limit judges."""
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
        """What these limits keep, the others being as the run had them."""
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
    """A measurement of each document, NaN where it was not measured."""
    found: npt.NDArray[np.float64] = batch.column(column).to_numpy(zero_copy_only=False)
    return found


def read(out: str, config: Config) -> list[Counted]:
    """The sources that limits judge."""
    return list(_read(out, config))


def _read(out: str, config: Config) -> Iterator[Counted]:
    for source, rules in judges(config).items():
        if any(isinstance(rule, LimitRule) for rule in rules):
            yield Counted.read(out, source, config)
