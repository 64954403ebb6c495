"""`inspect --failed`: the kinds of failures of a run, with an example of each."""

from collections.abc import Callable
from dataclasses import asdict

import orjson
from rich.console import Console
from rich.markup import escape

from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.stages.report.figures.failures import failure_kinds


def show(
    out: str,
    console: Console,
    source: str | None,
    count: int,
    write: Callable[[bytes], object] | None = None,
) -> None:
    """Print the most frequent kinds of failures of each source, or write each kind as a line of JSON."""
    manifest.opened(out)
    kinds = [kind for kind in failure_kinds(out) if source in (None, kind.source)]
    for name in dict.fromkeys(kind.source for kind in kinds):
        of_source = [kind for kind in kinds if kind.source == name]
        total = sum(kind.records for kind in of_source)
        if write is None:
            console.print(f"[bold]{name}[/bold]: {total:,} records could not be read", highlight=False)
        for kind in of_source[:count]:
            if write is not None:
                write(orjson.dumps(asdict(kind)) + b"\n")
            else:
                console.print(
                    f"  {kind.records:,} like {escape(kind.example)}", highlight=False, soft_wrap=True
                )
        if write is None and len(of_source) > count:
            console.print(f"  and {len(of_source) - count} other kinds (-n shows more)", highlight=False)
    if not kinds and write is None:
        console.print("no record failed")
