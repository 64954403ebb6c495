"""Finds out whether a run did what was asked. The console says so when the run ends, and so does the exit status."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import orjson
from rich.console import Console
from rich.markup import escape

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.report.figures.failures import failure_kinds
from massivetext.pipeline.storage import files, layout

CAUSES = ("failed", "empty", "emptied")
"""Codes of the report's warnings that `_causes` finds itself, since it may run before the report."""
SHOWN = 15  # troubles that the console shows: about a screen


class Trouble(NamedTuple):
    """A problem that a person should know of. If it is fatal, the run did not do what was asked."""

    message: str
    is_fatal: bool = False


def outcome(out: str, config: Config, has_report: bool) -> list[Trouble]:
    """Returns the troubles of a run as far as it has come: causes before consequences, and fatal causes first.

    `has_report` says that this run wrote the report; its warnings are the consequences.
    """
    state = manifest.read(out)
    causes = list(_causes(out, config)) if state and names.CURATE in state.stages else []
    causes.sort(key=lambda trouble: not trouble.is_fatal)
    return [*causes, *(_consequences(out) if has_report else ())]


def _causes(out: str, config: Config) -> Iterator[Trouble]:
    """Yields, for each source, records that could not be read, and whether none of its documents is kept."""
    tally = Tally.of(rows(out, "curate/**"))
    kinds, weights = failure_kinds(out), config.weights
    for source in config.sources:
        read, failed = (tally.count(source, figure).documents for figure in (Figure.READ, Figure.FAILED))
        commonest = next((kind for kind in kinds if kind.source == source), None)
        most = f"; most often: {commonest.example}" if commonest else ""
        if not read:
            why = "its files hold no documents"
            if config.sample:
                why = f"the sample of {100 * config.sample:g}% holds none of its records: give a larger --sample"
            yield Trouble(f"{source}: {why}", is_fatal=weights[source] > 0)
        elif read == failed:
            yield Trouble(
                f"{source}: could not be read: all its {failed:,} records failed{most}", is_fatal=True
            )
        elif failed:
            share, allowed = failed / read, config.limits.failed
            told = f"{source}: {failed:,} of {read:,} records could not be read"
            if share > allowed:
                yield Trouble(
                    f"{told}, which is more than limits.failed ({allowed:.2%}){most}", is_fatal=True
                )
            else:
                yield Trouble(f"{told}{most}")
        if read > failed and not tally.count(source, Figure.KEPT).documents:
            yield Trouble(f"{source}: none of {read - failed:,} documents is kept: {_takers(tally, source)}")


def _takers(tally: Tally, source: str) -> str:
    """Names the three rules that removed most documents of a source, with their numbers."""
    taken = {
        row.key: row.documents for row in tally.rows() if (row.source, row.figure) == (source, Figure.REMOVED)
    }
    first = sorted(taken.items(), key=lambda item: (-item[1], item[0]))[:3]
    return ", ".join(f"{rule} removed {count:,}" for rule, count in first)


def _consequences(out: str) -> Iterator[Trouble]:
    """Yields the report's other warnings."""
    for warning in orjson.loads(files.read_bytes(f"{out}/{layout.STATS}"))["warnings"]:
        if warning["code"] not in CAUSES:
            yield Trouble(f"{warning['subject']}: {warning['message']}")


def result(out: str, config: Config, troubles: Sequence[Trouble]) -> dict[str, object]:
    """Returns what became of a run, as the object that `--json` writes."""
    state, tally = manifest.read(out), Tally.of(rows(out, "curate/**"))
    counted = (Figure.READ, Figure.FAILED, Figure.KEPT)
    stages = state.stages if state else {}
    return {
        "output": out,
        "sample": config.sample,
        "problems": [trouble._asdict() for trouble in troubles],
        "stages": {
            name: {"parts": stage.parts, "seconds": stage.seconds, "cpu_seconds": stage.cpu_seconds}
            for name, stage in stages.items()
        },
        "sources": {
            source: {figure.value: tally.count(source, figure).documents for figure in counted}
            for source in config.sources
        },
    }


def tell(console: Console, out: str, troubles: Sequence[Trouble]) -> None:
    """Print the first SHOWN troubles, and where the others are."""
    for message, is_fatal in troubles[:SHOWN]:
        style, name = ("red", "error") if is_fatal else ("yellow", "warning")
        console.print(f"[{style}]{name}:[/{style}] {escape(message)}", soft_wrap=True, highlight=False)
    if len(troubles) > SHOWN:
        more = f"and {len(troubles) - SHOWN} more: see {out}/{layout.REPORT}"
        console.print(more, soft_wrap=True, highlight=False)
    if troubles and failure_kinds(out):
        console.print(
            f"massivetext inspect {out} --failed lists the records that could not be read", soft_wrap=True
        )
