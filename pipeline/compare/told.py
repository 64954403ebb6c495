"""Prints what differs between two runs: the settings, then the figures that changed most, within 80 columns."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from massivetext.pipeline.compare.runs import Comparison, Figure
from massivetext.pipeline.stages.report.stats import Stats

SHOWN = 12  # most rows of a table


def tell(found: Comparison, console: Console) -> None:
    """Print a comparison: `here` is this run, `there` the other one."""
    console.print(f"[bold]{escape(found.here_name)}[/bold] beside [bold]{escape(found.there_name)}[/bold]")
    only = {
        side: sum(one.documents for one in found.moved if one.kept_here is side) for side in (True, False)
    }
    console.print(
        f"documents kept by both: {found.kept_by_both:,}; only here: {only[True]:,}; only there: {only[False]:,}"
    )
    if not found.settings:
        console.print("the same settings and versions")
    for setting in found.settings[:SHOWN]:
        here, there = (
            "not set" if one is None else escape(str(one)) for one in (setting.here, setting.there)
        )
        console.print(f"  {escape(setting.key)}: {here} (there {there})", highlight=False)
    if len(found.settings) > SHOWN:
        console.print(f"  and {len(found.settings) - SHOWN} settings more")
    _figures(console, "documents by source and step", found.funnels)
    _figures(console, "documents that break a rule", found.rules)
    _mix(console, found)


def _figures(console: Console, title: str, figures: Iterable[Figure]) -> None:
    """Print the figures that changed, with the largest changes first."""
    moved = [one for one in figures if one.here.documents != one.there.documents]
    moved.sort(key=lambda one: (-abs(one.here.documents - one.there.documents), one.source, one.name))
    if not moved:
        console.print(f"{title}: no difference")
        return
    table = Table("source", "figure", title=f"{title} ({len(moved)} differ)", title_justify="left")
    for name in ("here", "there", "change"):
        table.add_column(name, justify="right")
    for one in moved[:SHOWN]:
        here, there = one.here.documents, one.there.documents
        name = one.name.replace("_", " ")
        table.add_row(escape(one.source), name, f"{here:,}", f"{there:,}", f"{here - there:+,}")
    console.print(table)


def _mix(console: Console, found: Comparison) -> None:
    if all((one.here, one.here_epochs) == (one.there, one.there_epochs) for one in found.shares):
        console.print("mix: no difference")
        return
    table = Table("source", title="tokens in the mix", title_justify="left")
    for name in ("here", "there", "epochs here", "there"):
        table.add_column(name, justify="right")
    for one in found.shares:
        epochs = f"{one.here_epochs:.2f}", f"{one.there_epochs:.2f}"
        table.add_row(escape(one.source), f"{one.here:,}", f"{one.there:,}", *epochs)
    console.print(table)


def tell_earlier(stats: Stats, console: Console) -> None:
    """Print the earlier runs in the folder of a run, the last first, and what has changed since each."""
    if not stats.facts.earlier:
        console.print("no earlier run in this folder")
    for one in stats.facts.earlier:
        console.print(f"[bold]{escape(one.name or one.fingerprint[:12])}[/bold], {one.finished}: {one.state}")
        console.print(
            f"  {one.read:,} documents read, {one.kept:,} kept, {one.tokens:,} tokens; {one.warnings} warnings",
            highlight=False,
        )
        changes = one.changed or ["inputs or code changed, and no setting"]
        for change in changes[:SHOWN]:
            console.print(f"  {escape(change)}", highlight=False)
        if len(changes) > SHOWN:
            console.print(f"  and {len(changes) - SHOWN} settings more")
