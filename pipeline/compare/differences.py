"""Differences between the figures of two runs: every number of stats.json that both, or one of them, have."""

from collections.abc import Iterator, Mapping
from typing import Any

from massivetext.pipeline.stages.report.stats import Part, Stats

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
"""Of stats.json; what else it holds are documents, samples and distributions."""

_NAMES = ("source", "name", "rule", "other", "language", "kind", "value", "test_set", "law")
"""What an entry of a list is known by."""

Number = int | float | None


class Difference(Part):
    """A figure that differs; None where a run does not have it."""

    section: str
    about: str  # such as `web, near`: which of the section's entries
    figure: str
    here: Number
    there: Number

    @property
    def change(self) -> float:
        """From the other run to this; a figure that is not there counts as nothing."""
        return (self.here or 0) - (self.there or 0)


def differences(here: Stats, there: Stats) -> list[Difference]:
    """All figures that differ: section by section, in each the largest changes first."""
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
    """The numbers of a section. Lists of numbers are distributions, which are no figures."""
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
