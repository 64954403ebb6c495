"""Compares two runs: which settings and figures differ, and which documents only one of them kept, and why."""

import posixpath
from collections.abc import Iterator
from functools import partial
from typing import Any

import orjson

from massivetext.pipeline.compare.differences import SECTIONS, Difference, differences
from massivetext.pipeline.compare.moved import SHOWN, Moved, moved
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.stages.report.documents.excerpts import CHARACTERS
from massivetext.pipeline.stages.report.figures.assemble import configuration
from massivetext.pipeline.stages.report.page.budget import EVERY, Room, first_that_fits, shortened
from massivetext.pipeline.stages.report.page.environment import FOLDER, environment
from massivetext.pipeline.stages.report.stats import VERSION, Stats, Warning
from massivetext.pipeline.stages.report.stats_part import Amount, Part
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.verify.survivors import among, look

ROOMS = (
    Room(SHOWN, EVERY, CHARACTERS),
    Room(1, EVERY, CHARACTERS),
    Room(1, EVERY, 300),
    Room(0, 0, 0),
)
PAGE, FIGURES = layout.AGAINST


class Setting(Part):
    """A key of the configuration, or a version, that differs; None for a run that does not have it."""

    key: str
    here: Any
    there: Any


class Figure(Part):
    """A step of a source's funnel, or a rule's `broken`, in both runs."""

    source: str
    name: str
    here: Amount
    there: Amount

    @property
    def same(self) -> bool:
        return self.here == self.there


class Share(Part):
    """A source's part of the mix in both runs."""

    source: str
    here: int  # tokens given
    there: int
    here_epochs: float
    there_epochs: float


class OneSided(Part):
    """A warning of one run that the other does not have, or has with another message."""

    is_here: bool
    warning: Warning


class Comparison(Part):
    """This run compared with another."""

    here: str  # fingerprints
    there: str
    here_name: str  # as configured; the start of the fingerprint where a run has none
    there_name: str
    settings: list[Setting]
    funnels: list[Figure]
    rules: list[Figure]
    shares: list[Share]
    figures: list[Difference]  # every figure that differs, including those above
    warnings: list[OneSided]
    kept_by_both: int
    moved: list[Moved]


def against(out: str, other: str) -> tuple[Comparison, str]:
    """Compare a finished run with another, and write PAGE and FIGURES into it; returns what differs, and the page.

    Two documents are the same when their source, file name and offset are the same, as when both runs read the same
    input.
    Raises ConfigError for a folder without a report.
    """
    found = compare(out, other)
    files.write_bytes(out, FIGURES, found.model_dump_json().encode())
    files.write_bytes(out, PAGE, render(found).encode())
    return found, posixpath.join(out, PAGE)


def render(found: Comparison) -> str:
    """The page, with as much of the documents that only one run kept as it has room for."""
    return first_that_fits(ROOMS, partial(_render, found))


def _render(found: Comparison, room: Room) -> str:
    moved_ = [_fit(one, room) for one in found.moved]
    template = environment(autoescape=True).get_template("against.html")
    page: str = template.render(
        comparison=found,
        moved=moved_,
        is_whole=moved_ == found.moved,
        sections=SECTIONS,
        style=(FOLDER / "page.css").read_text(),
    )
    return page


def _fit(moved: Moved, room: Room) -> Moved:
    shown = [shortened(example, room.characters) for example in moved.examples[: room.each]]
    return moved.model_copy(update={"examples": shown})


def compare(out: str, other: str) -> Comparison:
    """The comparison of two finished runs."""
    here, there = stats_of(out), stats_of(other)
    ours, theirs = (look(path, configuration(path)).kept for path in (out, other))
    return Comparison(
        here=here.fingerprint,
        there=there.fingerprint,
        here_name=_name(here),
        there_name=_name(there),
        settings=list(_settings(here, there)),
        funnels=list(_funnels(here, there)),
        rules=list(_rules(here, there)),
        shares=list(_shares(here, there)),
        figures=differences(here, there),
        warnings=list(_warnings(here, there)),
        kept_by_both=int(among(ours, theirs).sum()),
        moved=[
            *moved(out, other, ours[~among(ours, theirs)], kept_here=True),
            *moved(other, out, theirs[~among(theirs, ours)], kept_here=False),
        ],
    )


def _name(stats: Stats) -> str:
    return stats.facts.name or f"run {stats.fingerprint[:12]}"


def stats_of(out: str) -> Stats:
    """Returns the figures of a finished run's report. Raises ConfigError if there is none, or if its version
    differs."""
    path = posixpath.join(out, layout.STATS)
    if not files.exists(path):
        raise ConfigError(f"{out}: holds no report of a finished run ({layout.STATS} is missing)")
    manifest.opened(out)
    found = orjson.loads(files.read_bytes(path))
    if found.get("version") != VERSION:
        raise ConfigError(
            f"{path}: its figures have version {found.get('version')}, these have {VERSION}: run "
            "`massivetext report` on that folder again"
        )
    return Stats.model_validate(found)


def _warnings(here: Stats, there: Stats) -> Iterator[OneSided]:
    for is_here, ours, theirs in ((True, here, there), (False, there, here)):
        for warning in ours.warnings:
            if warning not in theirs.warnings:
                yield OneSided(is_here=is_here, warning=warning)


def _settings(here: Stats, there: Stats) -> Iterator[Setting]:
    pairs = ((here.configuration, there.configuration), (here.versions, there.versions))
    for ours, theirs in ((dict(_flat(a)), dict(_flat(b))) for a, b in pairs):
        for key in dict.fromkeys([*ours, *theirs]):
            if ours.get(key) != theirs.get(key):
                yield Setting(key=key, here=ours.get(key), there=theirs.get(key))


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{key}.{name}" if key else name)
    else:
        yield key, value


def _funnels(here: Stats, there: Stats) -> Iterator[Figure]:
    ours, theirs = ({funnel.source: funnel for funnel in stats.funnels} for stats in (here, there))
    for source in dict.fromkeys([*ours, *theirs]):
        for step in here.funnels[0].steps:
            amounts = [
                runs[source].amount(step.name) if source in runs else Amount() for runs in (ours, theirs)
            ]
            yield Figure(source=source, name=step.name, here=amounts[0], there=amounts[1])


def _rules(here: Stats, there: Stats) -> Iterator[Figure]:
    ours, theirs = ({rule.name: rule.sources[0].broken for rule in stats.rules} for stats in (here, there))
    for name in dict.fromkeys([*ours, *theirs]):
        amounts = ours.get(name, Amount()), theirs.get(name, Amount())
        if amounts[0] != amounts[1]:
            yield Figure(source="all", name=name, here=amounts[0], there=amounts[1])


def _shares(here: Stats, there: Stats) -> Iterator[Share]:
    ours, theirs = ({source.source: source for source in stats.mix.sources} for stats in (here, there))
    for source in dict.fromkeys([*ours, *theirs]):
        a, b = ours.get(source), theirs.get(source)
        yield Share(
            source=source,
            here=a.given if a else 0,
            there=b.given if b else 0,
            here_epochs=a.epochs if a else 0.0,
            there_epochs=b.epochs if b else 0.0,
        )
