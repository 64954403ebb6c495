"""Finds the figures that differ between two runs, among all numbers in the stats.json of either run."""

from collections.abc import Iterator, Mapping
from typing import Any

from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.stages.report.stats_part import Part

SECTIONS = (
    "funnels",
    "skipped",
    "rules",
    "overlaps",
    "languages",
    "groups",
    "domains",
    "audit",
    "deduplication",
    "contamination",
    "mix",
    "planning",
)
"""The sections of stats.json with figures. The others hold documents, samples and distributions."""

_NAMES = ("source", "name", "rule", "other", "language", "kind", "value", "test_set", "law")
"""The keys by which an entry of a list is known."""

Number = int | float | None


class Difference(Part):
    """A figure that differs; None for a run that does not have it."""

    section: str
    about: str  # the entry of the section, such as `web, near`
    figure: str
    here: Number
    there: Number

    @property
    def change(self) -> float:
        """The change from the other run to this one. A figure that a run does not have counts as 0."""
        return (self.here or 0) - (self.there or 0)


def differences(here: Stats, there: Stats) -> list[Difference]:
    """All figures that differ, section by section; in each section the largest changes come first."""
    ours, theirs = dict(_figures(here)), dict(_figures(there))
    found = [
        Difference(section=key[0], about=key[1], figure=key[2], here=ours.get(key), there=theirs.get(key))
        for key in {**ours, **theirs}
        if ours.get(key) != theirs.get(key)
    ]
    return sorted(found, key=lambda one: (SECTIONS.index(one.section), -abs(one.change)))


def _figures(stats: Stats) -> Iterator[tuple[tuple[str, str, str], Number]]:
    dumped = stats.model_dump(mode="json", include=set(SECTIONS))
    for section in SECTIONS:
        for about, figure, number in _numbers(dumped[section], "", ""):
            yield (section, about, figure), number


def _numbers(value: Any, about: str, figure: str) -> Iterator[tuple[str, str, Number]]:
    """The figures of a section. Lists of numbers are distributions and do not count as figures."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name != "examples":
                yield from _numbers(inner, about, figure if name == "amount" else f"{figure} {name}".strip())
    elif isinstance(value, list):
        for entry in value:
            if isinstance(entry, Mapping):
                name = ", ".join(str(entry[key]) for key in _NAMES if isinstance(entry.get(key), str))
                yield from _numbers(entry, ", ".join(filter(None, (about, name))), "")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield about, figure, value
