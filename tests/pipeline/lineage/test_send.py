"""OpenLineage events of a run, as a file, as posts to a server, and as OpenLineage's own client reads them."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command
from tests.pipeline.conftest import PROSE

CONFIGURATION = """
run: {{name: harbour}}
sources:
  prose: {{kind: text, paths: [prose.jsonl]}}
language:   {{sources: []}}
quality:    {{sources: []}}
repetition: {{sources: []}}
{more}
"""
Event = dict[str, Any]


def configuration(folder: Path, more: str = "") -> Path:
    (folder / "prose.jsonl").write_text(
        "".join(json.dumps({"text": f"{n}. {PROSE}"}) + "\n" for n in range(3))
    )
    path = folder / "massivetext.yaml"
    path.write_text(CONFIGURATION.format(more=more))
    return path


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory, massivetext_here: Command) -> list[Event]:
    """The events of a run that stops at decontaminate, since it has no mix."""
    folder = tmp_path_factory.mktemp("lineage")
    goal = folder / "events.jsonl"
    done = massivetext_here(
        "run", str(configuration(folder)), "--output", str(folder / "out"), "--lineage", str(goal)
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in goal.read_text().splitlines()]


def test_each_job_begins_and_ends_within_the_run(events: list[Event]) -> None:
    found = [(event["job"]["name"], event["eventType"]) for event in events]
    stages = ["curate", "deduplicate", "decontaminate", "report"]
    between = [(name, state) for name in stages for state in ("START", "COMPLETE") if (name, state) in found]
    assert found == [("run", "START"), *between, ("run", "COMPLETE")]
    assert {"curate", "deduplicate", "decontaminate"} <= {name for name, _ in between}
    whole = events[0]["run"]["runId"]
    parents = {event["run"]["facets"]["parent"]["run"]["runId"] for event in events[1:-1]}
    assert parents == {whole}
    assert {event["job"]["namespace"] for event in events} == {"harbour"}


def test_inputs_and_outputs_are_named_and_counted(events: list[Event]) -> None:
    curate = next(
        event for event in events if event["job"]["name"] == "curate" and event["eventType"] == "COMPLETE"
    )
    [prose] = curate["inputs"]
    assert prose["namespace"] == "file"
    assert prose["name"].endswith("/prose.jsonl")
    size = Path(prose["name"]).stat().st_size
    assert {"fileCount": 1, "size": size}.items() <= prose["inputFacets"]["inputStatistics"].items()
    documents = curate["outputs"][0]
    assert documents["name"].endswith("/out/documents")
    counted = documents["outputFacets"]["outputStatistics"]
    written = list(Path(documents["name"]).rglob("*.parquet"))
    assert counted["rowCount"] == 3
    assert (counted["fileCount"], counted["size"]) == (
        len(written),
        sum(path.stat().st_size for path in written),
    )
    deduplicate = next(event for event in events if event["job"]["name"] == "deduplicate")
    assert documents["name"] in [one["name"] for one in deduplicate["inputs"]]


def test_openlineages_own_client_writes_the_same(events: list[Event]) -> None:
    """Each event, taken apart into the client's classes, is written by the client as it was written here."""
    pytest.importorskip("openlineage.client", reason="openlineage-python is not installed")
    from openlineage.client.serde import Serde

    assert events
    for event in events:
        again = json.loads(Serde.to_json(_typed(event)))
        assert _without_versions(again) == _without_versions(event)


def _typed(event: Event) -> Any:
    from openlineage.client.generated import base

    datasets = {"inputs": base.InputDataset, "outputs": base.OutputDataset}
    return base.RunEvent(
        eventType=base.EventType(event["eventType"]),
        eventTime=event["eventTime"],
        producer=event["producer"],
        run=base.Run(event["run"]["runId"], _facets(event["run"]["facets"])),
        job=base.Job(**{**event["job"], "facets": _facets(event["job"]["facets"])}),
        **{
            side: [
                kind(**{key: _facets(value) if "acets" in key else value for key, value in one.items()})
                for one in event[side]
            ]
            for side, kind in datasets.items()
        },
    )


def _facets(given: dict[str, Event]) -> dict[str, Any]:
    from openlineage.client import facet_v2

    modules = {
        "parent": facet_v2.parent_run,
        "processing_engine": facet_v2.processing_engine_run,
        "errorMessage": facet_v2.error_message_run,
        "jobType": facet_v2.job_type_job,
        "documentation": facet_v2.documentation_job,
        "inputStatistics": facet_v2.input_statistics_input_dataset,
        "outputStatistics": facet_v2.output_statistics_output_dataset,
    }
    made = {}
    for name, values in given.items():
        kind = getattr(modules[name], values["_schemaURL"].rpartition("/")[2])
        own = {key: value for key, value in values.items() if not key.startswith("_")}
        made[name] = kind(**own, producer=values["_producer"])
    return made


def _without_versions(value: Any) -> Any:
    """Without the versions of facets' schemas, and without what is empty, which the client leaves out."""
    if isinstance(value, dict):
        return {key: _without_versions(each) for key, each in value.items() if each not in (None, {}, [])}
    if isinstance(value, list):
        return [_without_versions(each) for each in value]
    return re.sub(r"/\d+-\d+-\d+/", "/", value) if isinstance(value, str) else value


class Server(ThreadingHTTPServer):
    """Takes events, and answers each with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.taken, self.url = 201, list[tuple[str, str | None, Event]](), ""


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.taken.append((self.path, self.headers.get("Authorization"), event))
        self.send_response(server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        made.url = f"http://127.0.0.1:{made.server_address[1]}"
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


def test_events_are_posted_with_the_key(
    tmp_path: Path, server: Server, massivetext_here: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENLINEAGE_API_KEY", "secret")
    done = massivetext_here(
        "curate", str(configuration(tmp_path)), "--output", str(tmp_path / "out"), "--lineage", server.url
    )
    assert done.returncode == 0, done.stderr
    assert {(path, key) for path, key, _ in server.taken} == {("/api/v1/lineage", "Bearer secret")}
    assert [event["eventType"] for _, _, event in server.taken] == ["START", "START", "COMPLETE", "COMPLETE"]


def test_a_server_that_refuses_is_a_warning_and_the_run_goes_on(
    tmp_path: Path, server: Server, massivetext_here: Command
) -> None:
    server.status = 403
    done = massivetext_here(
        "curate", str(configuration(tmp_path)), "--output", str(tmp_path / "out"), "--lineage", server.url
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("an event could not be sent") == 1
    assert "403" in done.stderr


def test_a_run_that_did_not_do_what_was_asked_fails(tmp_path: Path, massivetext_here: Command) -> None:
    path, goal = configuration(tmp_path), tmp_path / "events.jsonl"
    with (tmp_path / "prose.jsonl").open("a") as file:
        file.write("{broken\n")  # one record of four, more than limits.failed
    done = massivetext_here("curate", str(path), "--output", str(tmp_path / "out"), "--lineage", str(goal))
    events = [json.loads(line) for line in goal.read_text().splitlines()]
    assert done.returncode == 1
    assert [(event["job"]["name"], event["eventType"]) for event in events[2:]] == [
        ("curate", "COMPLETE"),
        ("run", "FAIL"),
    ]
    assert "limits.failed" in events[-1]["run"]["facets"]["errorMessage"]["message"]


def test_a_stage_that_fails_is_told_with_its_error(tmp_path: Path, massivetext_here: Command) -> None:
    path = configuration(tmp_path)
    out, goal = tmp_path / "out", tmp_path / "events.jsonl"
    (tmp_path / "prose.jsonl").write_text(json.dumps({"text": PROSE}) + "\n")
    assert massivetext_here("curate", str(path), "--output", str(out)).returncode == 0
    [documents] = (out / "documents").rglob("*.parquet")
    data = bytearray(documents.read_bytes())
    data[len(data) // 3] ^= 1
    documents.write_bytes(bytes(data))
    done = massivetext_here("deduplicate", str(path), "--output", str(out), "--lineage", str(goal))
    events = [json.loads(line) for line in goal.read_text().splitlines()]
    failed = [event for event in events if event["eventType"] == "FAIL"]
    assert done.returncode == 1, done.stderr
    assert [event["job"]["name"] for event in failed] == ["deduplicate", "run"]
    assert "documents" in failed[0]["run"]["facets"]["errorMessage"]["message"]
