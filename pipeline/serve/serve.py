"""Makes the server of a run: its page, and the answers to what the page asks."""

import time
from collections.abc import Mapping, Set
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from massivetext.filters.families.family import Limit
from massivetext.pipeline.compare.runs import stats_of
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.serve import browse, counts
from massivetext.pipeline.serve.notes import Note, Notes
from massivetext.pipeline.serve.server import Server
from massivetext.pipeline.stages.report.page import page
from massivetext.pipeline.storage import files

SERVED = "served.html"


def serve(out: str, port: int) -> Server:
    """Returns a server for the run in a local folder. It answers once `serve_forever` is called. Port 0: any free one.

    Raises ConfigError if the folder has no report, or if it is in an object store.
    """
    if files.is_remote(out):
        raise ConfigError(f"{out}: cannot be served from an object store: copy the run to this machine")
    stats = stats_of(out)
    config = manifest.opened(out).config
    counted = counts.read(out, config)
    known = {name for one in counted for name in one.limits}
    notes = Notes(Path(f"{out}.notes.jsonl"))

    def what_if(_: Mapping[str, str], body: Any) -> object:
        limits, start = _limits(body, known), time.perf_counter()
        found = [one.recount(limits) for one in counted]
        return {
            "sources": [one._asdict() for one in found],
            "milliseconds": 1000 * (time.perf_counter() - start),
        }

    def noted(*_: object) -> object:
        return notes.read()

    def note(_: Mapping[str, str], body: Any) -> object:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        notes.add(Note(str(body["id"]), str(body["label"]), str(body["text"]), now))
        return {"file": str(notes.path)}

    return Server(
        port,
        page.render(stats, SERVED).encode(),
        {
            "POST whatif": what_if,
            "POST notes": note,
            "GET notes": noted,
            "GET documents": lambda query, _: browse.documents(out, config, query),
            "GET group": lambda query, _: browse.group(out, config, query["id"]),
            "GET sequence": lambda query, _: browse.sequence(out, config, query["name"]),
            "GET sequences": lambda query, _: browse.sequences_of(out, query["id"]),
        },
    )


def _limits(body: Any, known: Set[str]) -> dict[str, Limit]:
    """Returns the limits of a request, such as {"word_count": {"minimum": 400, "maximum": null}}."""
    if unknown := body.keys() - known:
        raise ValueError(f"{min(unknown)}: no limit of this run; it has {', '.join(sorted(known))}")
    return {str(name): Limit(_side(one, "minimum"), _side(one, "maximum")) for name, one in body.items()}


def _side(limit: object, side: str) -> float | None:
    if not isinstance(limit, dict):
        raise ValueError("expected an object for each limit: {minimum: ..., maximum: ...}")
    value = limit.get(side)
    return None if value is None else float(value)
