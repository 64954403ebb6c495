"""Sends OpenLineage events to a server, or appends them to a file. An event that cannot be sent stops no run."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from urllib.parse import urlsplit

import orjson

from massivetext.pipeline.lineage.events import Event, Events, State
from massivetext.pipeline.runtime.stage import Run, Stage

KEY = "OPENLINEAGE_API_KEY"
"""The environment variable with the server's key, as OpenLineage's own clients read it."""
_ENDPOINT = "/api/v1/lineage"
_SECONDS = 10.0


class Lineage:
    """Tells what a run does, in events of OpenLineage.

    `goal` is the URL of a server, to whose usual endpoint events are posted if it names none, or the path of a file
    with an event on each line.
    """

    def __init__(self, goal: str, run: Run, stages: Sequence[Stage]) -> None:
        self._goal = goal
        self._events = Events(run, stages)
        self._warn = run.display.warn
        self._has_failed = False

    @contextlib.contextmanager
    def whole(self) -> Iterator[list[str]]:
        """Within the block the run works. Errors that are added to the list make it fail, though it came to its end."""
        with self._between(self._events.whole) as errors:
            yield errors

    @contextlib.contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        """Within the block a stage works."""
        with self._between(partial(self._events.stage, stage)):
            yield

    @contextlib.contextmanager
    def _between(self, event: Callable[[State, str], Event]) -> Iterator[list[str]]:
        errors: list[str] = []
        self._send(event(State.START, ""))
        try:
            yield errors
        except Exception as error:
            self._send(event(State.FAIL, str(error)))
            raise
        self._send(event(State.FAIL if errors else State.COMPLETE, "\n".join(errors)))

    def _send(self, event: Event) -> None:
        """Send an event; the first that cannot be sent is a warning."""
        data = orjson.dumps(event)
        try:
            if is_server(self._goal):
                _post(self._goal, data)
            else:
                with open(self._goal, "ab") as file:
                    file.write(data + b"\n")
        except OSError as error:
            if not self._has_failed:
                self._warn(
                    f"--lineage {self._goal}: an event could not be sent, and the run goes on: {error}"
                )
            self._has_failed = True


def is_server(goal: str) -> bool:
    return goal.startswith(("http://", "https://"))


def _post(goal: str, data: bytes) -> None:
    import urllib3

    url = goal if urlsplit(goal).path.strip("/") else goal.rstrip("/") + _ENDPOINT
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get(KEY):
        headers["Authorization"] = f"Bearer {key}"
    try:
        answer = urllib3.request("POST", url, body=data, headers=headers, timeout=_SECONDS, retries=2)
    except urllib3.exceptions.HTTPError as error:
        raise OSError(str(error)) from error
    if answer.status >= 300:
        raise OSError(f"the server answers {answer.status} {answer.reason or ''}".strip())
