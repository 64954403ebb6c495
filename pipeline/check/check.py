"""`massivetext check`: checks the configuration and its files, and shows the first records of each source."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from massivetext.pipeline.config.languages import english_alone
from massivetext.pipeline.read.first_records import First
from massivetext.pipeline.read.record import Record
from massivetext.pipeline.run import check_first, check_settings
from massivetext.pipeline.runtime.stage import Run

SHOWN = 3  # records of a source
TEXT_SHOWN = 160  # characters of a record's text


def check(run: Run) -> dict[str, First]:
    """Returns the first records of each source, and warns of rules that have no meaning for a language that is kept.

    Raises ConfigError, which names every fault of the configuration.
    """
    check_settings(run)
    for message in english_alone(run.config):
        run.display.warn(message)
    return check_first(run)


def described(run: Run, found: Mapping[str, First]) -> dict[str, Any]:
    """Returns what each source holds, as the object that `--json` writes."""
    sources = {
        name: {
            "kind": run.config.sources[name].kind,
            "files": len(run.origins[name]),
            "bytes": sum(origin.bytes for origin in run.origins[name]),
            "first_file": first.name,
            "format": first.format.name,
            "records": [
                {"offset": each.offset, "title": each.title, "url": each.url, "text": each.text[:TEXT_SHOWN]}
                for each in first.records[:SHOWN]
            ],
            "failures": [each._asdict() for each in first.failures[:SHOWN]],
        }
        for name, first in found.items()
    }
    return {"exit_status": 0, "warnings": list(english_alone(run.config)), "sources": sources}


def show(run: Run, found: Mapping[str, First], console: Console) -> None:
    """Print what each source holds."""
    for name, first in found.items():
        origins = run.origins[name]
        size = sum(origin.bytes for origin in origins)
        kind = run.config.sources[name].kind
        console.print(
            f"[bold]{escape(name)}[/bold]: kind {kind}, {len(origins):,} files, {size:,} bytes; "
            f"{escape(first.name)} is {first.format.name}",
            soft_wrap=True,
            highlight=False,
        )
        _show(first, console)
    console.print(f"{run.loaded.path}: no fault found", soft_wrap=True, highlight=False)


def _show(first: First, console: Console) -> None:
    for record in first.records[:SHOWN]:
        line = f"  {escape(_line(record))}"
        if console.is_terminal:  # a line a record
            console.print(line, no_wrap=True, overflow="ellipsis", highlight=False)
        else:
            console.print(line, soft_wrap=True, highlight=False)
    for failure in first.failures[:SHOWN]:
        told = f"  [yellow]fails[/yellow] at {failure.offset}: {escape(failure.error)}"
        console.print(told, soft_wrap=True, highlight=False)
    if not (first.records or first.failures):
        passed = sorted({skipped.kind for skipped in first.skipped})
        what = f"nothing but {', '.join(passed)}" if passed else "no record"
        console.print(f"  its first records hold {what}", soft_wrap=True, highlight=False)


def _line(record: Record) -> str:
    text = " ".join(record.text[: 2 * TEXT_SHOWN].split())[:TEXT_SHOWN]
    facts = [f"{name} {value}" for name in ("title", "url", "licence") if (value := getattr(record, name))]
    return (
        f"at {record.offset}, {len(record.text):,} characters{''.join(f', {fact}' for fact in facts)}: {text}"
    )
