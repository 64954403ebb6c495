"""Domains: which are hit most, counted in bounded memory, and how many there are, by a HyperLogLog sketch."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from massivetext.pipeline.runtime.tally import Figure, Tally

Sketch = Any
"""datasketch's HyperLogLogPlusPlus. It is imported where one is made, because datasketch imports scipy."""

LISTED = 500
"""Of each part, so many of the most frequent domains are counted: all, where it has no more."""

HELD = 200_000
"""Domains that a part's counts hold at once; beyond it the rarer half is dropped, so that a rare domain of a part
with more may be counted too low."""

PRECISION = 12  # 2**12 registers of a byte; a standard error of 1.6 %


class Domains:
    """Counts the domains of a part's documents. Figures: domain, domain_removed, by domain."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._counts: dict[Figure, Counter[str]] = {
            Figure.DOMAIN: Counter(),
            Figure.DOMAIN_REMOVED: Counter(),
        }
        self.sketch = empty()

    def count(self, hosts: dict[str, int], is_removed: bool) -> None:
        """Add documents by domain."""
        for host in hosts:
            self.sketch.update(host.encode())
        for figure in self._counts if is_removed else (Figure.DOMAIN,):
            self._counts[figure].update(hosts)
            if len(self._counts[figure]) > HELD:
                self._counts[figure] = Counter(dict(_most(self._counts[figure], HELD // 2)))

    def add_to(self, tally: Tally) -> None:
        """Count the LISTED most frequent ones."""
        for figure, counts in self._counts.items():
            for domain, documents in _most(counts, LISTED):
                tally.add(self._source, figure, domain, documents)


def _most(counts: Counter[str], limit: int) -> list[tuple[str, int]]:
    """The largest counts; of equal ones, the first by name: whatever order they were counted in."""
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:limit]


def stored(sketch: Sketch) -> bytes:
    """A sketch's registers, a byte each."""
    registers: bytes = sketch.digest().tobytes()
    return registers


def loaded(registers: bytes) -> Sketch:
    from datasketch import HyperLogLogPlusPlus

    return HyperLogLogPlusPlus(reg=np.frombuffer(registers, np.int8))


def empty() -> Sketch:
    """The sketch of no domains."""
    from datasketch import HyperLogLogPlusPlus

    return HyperLogLogPlusPlus(PRECISION)


def distinct(sketches: Iterable[Sketch]) -> int:
    """About how many domains any parts have together: exact to a domain or two where they are few."""
    merged = empty()
    for sketch in sketches:
        merged.merge(sketch)
    count: float = merged.count()
    return round(count)
