"""Runs whose inputs lie on web servers and on the hub: the same documents as from local files, whatever breaks off."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from massivetext.pipeline.cli import main
from massivetext.pipeline.storage import retries
from tests.pipeline.read.test_web_index import ARCHIVE as PAGES
from tests.pipeline.read.test_web_index import INDEXES, WARC
from tests.servers import Answer, Hub, Server, serving

pytest.importorskip("huggingface_hub")

RULES = "language: {sources: []}\nquality: {sources: []}\nrepetition: {sources: []}\nmix: {tokens: 100}\n"
TEXT = "The library of the harbour town was to be opened again in the spring of that year, and so it was. "
LINES = b"".join(json.dumps({"text": f"{TEXT}{n}"}).encode() + b"\n" for n in range(50))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(retries.time, "sleep", lambda _: None)
    with serving() as server:
        server.files["/a.jsonl"] = LINES
        monkeypatch.setenv("HF_TOKEN", Hub.TOKEN)
        yield server


def massivetext(command: str, folder: Path, sources: str, *options: str) -> Result:
    (folder / "c.yaml").write_text(f"sources:\n{sources}\n{RULES}")
    output = [] if command == "check" else ["--output", str(folder / "out")]
    return CliRunner().invoke(
        main, [command, str(folder / "c.yaml"), *output, *options, "--direct_running_mode=in_memory"]
    )


def texts(folder: Path, source: str) -> list[str]:
    found = sorted((folder / f"out/documents/source={source}").glob("*.parquet"))
    return [text for path in found for text in pq.read_table(path, partitioning=None)["text"].to_pylist()]


def test_every_kind_of_place_is_read(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as other:
        hub = Hub(other)
        hub.files["c1"] = {
            "data/train-0.jsonl": LINES,
            "data/train-1.jsonl": LINES.replace(b"harbour", b"river"),
        }
        hub.bucket = {"b.jsonl": LINES}
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", other.url)
        server.files |= {
            f"/{WARC}": PAGES,
            "/index.cdxj.gz": INDEXES["cdxj.gz"],
            "/d/": b"<a href='x.jsonl'>x</a>",
        }
        server.files["/d/x.jsonl"] = LINES
        sources = (
            f"  http: {{kind: text, paths: ['{server.url}/a.jsonl']}}\n"
            f"  listed: {{kind: text, paths: ['{server.url}/d/*.jsonl']}}\n"
            "  hub: {kind: text, paths: ['hf://datasets/o/d/data/*.jsonl']}\n"
            "  bucket: {kind: text, paths: ['hf://buckets/o/b/*.jsonl']}\n"
            f"  crawl: {{kind: web, paths: ['{server.url}/index.cdxj.gz'], records: '{server.url}'}}\n"
        )
        checked = massivetext("check", tmp_path, sources)
        assert checked.exit_code == 0, checked.output
        assert "crawl: kind web" in checked.output
        done = massivetext("curate", tmp_path, sources)
        assert done.exit_code == 0, done.output
    assert [len(texts(tmp_path, name)) for name in ("http", "listed", "hub", "bucket", "crawl")] == [
        50,
        50,
        100,
        50,
        3,
    ]


def test_what_is_not_there_is_told_at_once(tmp_path: Path, server: Server) -> None:
    server.always(Answer(401), "/locked.jsonl")
    server.always(Answer(429), "/busy.jsonl")
    names = ("none", "locked", "busy", "a")
    sources = "".join(f"  {name}: {{kind: text, paths: ['{server.url}/{name}.jsonl']}}\n" for name in names)
    done = massivetext("check", tmp_path, sources)
    assert done.exit_code == 2
    assert len(done.output.splitlines()) == 3
    for told in (
        "no file matches",
        "answers 401 Unauthorized: ",
        "answers 429 Too Many Requests (6 attempts)",
    ):
        assert told in done.output


def test_a_server_that_goes_down_loses_nothing_that_is_done(tmp_path: Path, server: Server) -> None:
    server.files["/b.jsonl"] = LINES.replace(b"harbour", b"river")
    names = ("a", "b")
    sources = "".join(f"  {name}: {{kind: text, paths: ['{server.url}/{name}.jsonl']}}\n" for name in names)
    asked = 0

    def down(path: str, headers: dict[str, str]) -> Answer | None:
        nonlocal asked
        asked += path == "/b.jsonl" and headers["Range"] != "bytes=0-0"
        whole = server.ranged(server.files["/b.jsonl"], {"Range": "bytes=0-99999"})
        return (
            whole._replace(sent=700)
            if asked > 1 and path == "/b.jsonl" and headers["Range"] != "bytes=0-0"
            else None
        )

    server.faults.append(down)
    done = massivetext("curate", tmp_path, sources)
    assert done.exit_code == 1
    assert "1 of 2 parts could not be finished" in done.output
    assert f"{server.url}/b.jsonl: " in done.output
    assert "6 attempts" in done.output
    assert "Traceback" not in done.output
    server.faults.clear()
    server.asked.clear()
    done = massivetext("curate", tmp_path, sources)
    assert done.exit_code == 0, done.output
    assert [len(texts(tmp_path, name)) for name in names] == [50, 50]
    # What was finished is not fetched anew: only its first records are looked at.
    assert [path for path, ranged in server.asked if ranged != "bytes=0-0"].count("/a.jsonl") == 1


def test_a_file_that_was_written_anew_is_read_anew(tmp_path: Path, server: Server) -> None:
    sources = f"  a: {{kind: text, paths: ['{server.url}/a.jsonl']}}\n"
    assert massivetext("curate", tmp_path, sources).exit_code == 0
    server.files["/a.jsonl"] = LINES.replace(b"harbour", b"fishing")
    assert massivetext("curate", tmp_path, sources).exit_code == 0
    assert all("fishing town" in text for text in texts(tmp_path, "a"))
