"""Domains: counts the most frequent ones in bounded memory, and estimates their number by a HyperLogLog sketch."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.pipeline.runtime.tally import Figure, Tally

Registers = npt.NDArray[np.int8]
"""The registers of a HyperLogLog sketch, bit for bit those of datasketch's HyperLogLogPlusPlus: int8[2**PRECISION]."""

LISTED = 500
"""So many of the most frequent domains of each part are counted: all of them, if it has no more."""

HELD = 200_000
"""The most domains that a part's counts hold at a time. If there are more, half of them are kept, the most frequent, so
that the count of a rare domain may be too low."""

_HOST = r"^[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^/?#@]*@)?(?P<host>[^/:?#]+)"

PRECISION = 12  # 2**12 registers of a byte each: a standard error of 1.6 %

FEW = 3100
"""Up to so many domains are counted by the registers that are 0, as HyperLogLog++ does at this precision (Heule et al.
2013, section 5.2 and its table of thresholds)."""


class Domains:
    """Counts the domains of a part's documents. Its figures are domain and domain_removed, by domain."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._counts: dict[Figure, Counter[str]] = {
            Figure.DOMAIN: Counter(),
            Figure.DOMAIN_REMOVED: Counter(),
        }
        self.registers = empty()

    def count(self, hosts: dict[str, int], is_removed: bool) -> None:
        """Add documents by domain."""
        for host in hosts:
            _note(self.registers, host)
        for figure in self._counts if is_removed else (Figure.DOMAIN,):
            self._counts[figure].update(hosts)
            if len(self._counts[figure]) > HELD:
                self._counts[figure] = Counter(dict(_most(self._counts[figure], HELD // 2)))

    def add_to(self, tally: Tally) -> None:
        """Add the LISTED most frequent domains to a tally."""
        for figure, counts in self._counts.items():
            for domain, documents in _most(counts, LISTED):
                tally.add(self._source, figure, domain, documents)


def hosts(urls: pa.StringArray) -> pa.StringArray:
    """Returns the host of each URL in lower case; null where a URL has none, and where there is no URL."""
    return pc.utf8_lower(pc.struct_field(pc.extract_regex(urls, _HOST), "host"))


def _most(counts: Counter[str], limit: int) -> list[tuple[str, int]]:
    """The largest counts; of equal counts those first by name, so that the order of counting does not matter."""
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:limit]


def empty() -> Registers:
    """The registers of no domains."""
    return np.zeros(1 << PRECISION, np.int8)


def _note(registers: Registers, host: str) -> None:
    """Note a domain: one register keeps the most zero bits, and one more, that a hash began with."""
    hashed = int.from_bytes(hashlib.sha1(host.encode(), usedforsecurity=False).digest()[:8], "little")
    register, rank = hashed % len(registers), 65 - PRECISION - (hashed >> PRECISION).bit_length()
    registers[register] = max(registers[register], rank)


def distinct(sketches: Iterable[Registers]) -> int:
    """An estimate of how many domains all parts have together. If they are few, it is off by one or two at most."""
    merged = empty()
    for registers in sketches:
        np.maximum(merged, registers, out=merged)
    unused = len(merged) - np.count_nonzero(merged)
    if unused and (few := len(merged) * math.log(len(merged) / unused)) <= FEW:
        return round(few)
    # Imported for many domains alone: datasketch imports scipy, which takes half a second.
    from datasketch import HyperLogLogPlusPlus

    count: float = HyperLogLogPlusPlus(reg=merged).count()
    return round(count)
