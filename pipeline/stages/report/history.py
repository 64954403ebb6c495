"""history.jsonl: the headline figures of the runs that an output folder has seen, a line each.

The report shows those before its own, with the settings that have changed since. It depends on when things ran, so no
result depends on it.
"""

import posixpath
from collections.abc import Iterator
from typing import Any

import orjson

from massivetext.pipeline.runtime.manifest import differences
from massivetext.pipeline.stages.report.stats import Earlier, Stats
from massivetext.pipeline.storage import files, layout

_UNSAID = ("run",)  # keys of the configuration that only name things


def earlier(out: str, fingerprint: str, configuration: dict[str, Any]) -> list[Earlier]:
    """The runs before this one, the last first; a line that is damaged is left out."""
    return [
        Earlier(**line["figures"], changed=list(_changes(line["configuration"], configuration)))
        for line in reversed(_lines(out))
        if line["figures"]["fingerprint"] != fingerprint
    ]


def note(out: str, stats: Stats) -> None:
    """Add this run to the history. A run that came out the same as the one before takes its place."""
    lines = _lines(out)
    if lines and lines[-1]["figures"]["fingerprint"] == stats.fingerprint:
        lines.pop()
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
    lines.append({"figures": figures, "configuration": stats.configuration})
    files.write_bytes(out, layout.HISTORY, b"".join(orjson.dumps(line) + b"\n" for line in lines))


def _lines(out: str) -> list[dict[str, Any]]:
    path = posixpath.join(out, layout.HISTORY)
    if not files.exists(path):
        return []
    return [line for text in files.read_bytes(path).splitlines() if (line := _read(text))]


def _read(text: bytes) -> dict[str, Any] | None:
    try:
        line: dict[str, Any] = orjson.loads(text)
        Earlier(**line["figures"], changed=[])
        return line if isinstance(line["configuration"], dict) else None
    except (orjson.JSONDecodeError, TypeError, KeyError, ValueError):
        return None


def _changes(then: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    before, after = (
        {key: value for key, value in each.items() if key not in _UNSAID} for each in (then, now)
    )
    yield from differences(before, after)
