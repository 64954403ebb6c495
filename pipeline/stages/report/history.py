"""history.json: the headline figures of the runs that an output folder has seen.

The report shows those before its own, with the settings that have changed since. It depends on when things ran, so no
result depends on it.
"""

import contextlib
import posixpath
from collections.abc import Iterator
from typing import Any

from massivetext.pipeline.runtime.manifest import differences
from massivetext.pipeline.stages.report.stats import Earlier, Stats
from massivetext.pipeline.storage import files, layout, sealed
from massivetext.pipeline.storage.sealed import DamagedError

_UNSAID = ("run",)  # keys of the configuration that only name things


def earlier(out: str, fingerprint: str, configuration: dict[str, Any]) -> list[Earlier]:
    """Returns the runs before this one, the last first; none if the file is damaged, of which verify tells."""
    return [
        Earlier(**run["figures"], changed=list(_changes(run["configuration"], configuration)))
        for run in reversed(_runs(out))
        if run["figures"]["fingerprint"] != fingerprint
    ]


def note(out: str, stats: Stats) -> None:
    """Add this run to the history. A run that came out the same as the one before takes its place."""
    runs = _runs(out)
    if runs and runs[-1]["figures"]["fingerprint"] == stats.fingerprint:
        runs.pop()
    steps = stats.funnels[0].steps
    figures = {
        "finished": stats.facts.finished,
        "name": stats.facts.name,
        "fingerprint": stats.fingerprint,
        "read": steps[0].amount.documents,
        "kept": steps[-1].amount.documents,
        "tokens": stats.verdict.written,
        "state": stats.verdict.state,
        "warnings": len(stats.warnings),
        "cpu_seconds": round(sum(stage["cpu_seconds"] for stage in stats.facts.stages.values()), 1),
    }
    runs.append({"figures": figures, "configuration": stats.configuration})
    sealed.write(out, layout.HISTORY, {"runs": runs})


def breaches(out: str) -> Iterator[str]:
    """Checks that the file is there and as it was written."""
    path = posixpath.join(out, layout.HISTORY)
    if not files.exists(path):
        yield f"{layout.HISTORY}: missing"
        return
    try:
        sealed.read(path)
    except DamagedError as error:
        yield str(error)


def _runs(out: str) -> list[dict[str, Any]]:
    path = posixpath.join(out, layout.HISTORY)
    if files.exists(path):
        with contextlib.suppress(DamagedError):
            runs: list[dict[str, Any]] = sealed.read(path)["runs"]
            return runs
    return []


def _changes(then: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    before, after = (
        {key: value for key, value in each.items() if key not in _UNSAID} for each in (then, now)
    )
    yield from differences(before, after)
