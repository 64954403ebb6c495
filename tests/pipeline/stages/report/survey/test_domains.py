"""Domains: the counts that are kept, and how many there are, whatever parts they are counted in."""

import numpy as np
import pytest
from datasketch import HyperLogLogPlusPlus

from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.stages.report.survey import domains
from massivetext.pipeline.stages.report.survey.domains import FEW, PRECISION, Domains, distinct


def test_how_many_there_are_does_not_depend_on_the_parts() -> None:
    hosts = [f"host-{number}.example" for number in range(30_000)]
    whole, *parts = (Domains("web") for _ in range(4))
    whole.count(dict.fromkeys(hosts, 1), False)
    for place, part in enumerate(parts):
        part.count(dict.fromkeys(hosts[place::3] + hosts[:500], 1), False)
    sketches = [part.registers for part in parts]
    assert distinct(sketches) == distinct(reversed(sketches)) == distinct([whole.registers])
    assert distinct(sketches) == pytest.approx(30_000, rel=0.05)  # three standard errors
    assert distinct([]) == 0


@pytest.mark.parametrize("count", [0, 1, 40, FEW - 100, FEW + 200, 20_000, 100_000])
def test_registers_and_estimate_are_datasketchs(count: int) -> None:
    hosts = [f"{number}.example" for number in range(count)]
    ours, theirs = Domains("web"), HyperLogLogPlusPlus(PRECISION)
    ours.count(dict.fromkeys(hosts, 1), False)
    for host in hosts:
        theirs.update(host.encode())
    assert np.array_equal(ours.registers, theirs.digest())
    assert distinct([ours.registers]) == round(theirs.count())


def test_few_are_counted_exactly() -> None:
    few = Domains("web")
    few.count({f"{number}.example": 3 for number in range(40)}, False)
    assert distinct([few.registers]) == 40


def test_memory_is_bounded_and_the_frequent_ones_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domains, "HELD", 100)
    found, tally = Domains("web"), Tally()
    for start in range(0, 1000, 50):
        found.count(
            {f"rare-{start + number}.example": 1 for number in range(50)} | {"often.example": 2}, True
        )
        assert all(len(counts) <= 100 for counts in found._counts.values())
    found.add_to(tally)
    assert tally.count("web", "domain", "often.example")[0] == 40
    assert tally.count("web", "domain_removed", "often.example")[0] == 40
