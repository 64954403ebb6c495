"""What sites state in files of their own, applied to pages of other WARC files, by a run of the command line."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from massivetext.pipeline.stages.curate.sites import Statements
from tests.pipeline.documents import kept, removed

CONFIGURATION = """
sources:
  web: {kind: web, paths: ["crawl-*.warc"], weight: 1}
robots: {refuse: [tdm-reservation, ai.txt], agents: [CCBot, GPTBot], records: [robotstxt/*.warc]}
language: {sources: []}
quality: {sources: []}
repetition: {sources: []}
mix: {tokens: 100}
"""
Run = Callable[..., subprocess.CompletedProcess[str]]


def record(
    url: str, body: str, mime: str = "text/plain", date: str = "2026-01-01", status: str = "200 OK"
) -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {mime}\r\n\r\n{body}".encode()
    return (
        (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}T00:00:00Z\r\n"
            f"Content-Type: application/http\r\nContent-Length: {len(http)}\r\n\r\n"
        ).encode()
        + http
        + b"\r\n\r\n"
    )


def page(url: str, head: str = "") -> bytes:
    return record(url, f"<html><head>{head}</head><body><p>The page at {url}.</p></body></html>", "text/html")


PAGES = {
    "http://a.example/open": "",
    "http://a.example/closed/1": "",
    "https://b.example/": "",  # its last robots.txt allows it
    "https://c.example/news": "",
    "https://c.example/free": "",
    "https://c.example/news/own": '<meta name="tdm-reservation" content="0">',
    "https://d.example/a": "",
    "https://e.example/": '<meta name="tdm-reservation" content="1">',
    "https://f.example/": "",  # the server had no robots.txt
    "https://g.example/": "",  # robots.txt is in a file of its own
}
ALL = "User-agent: *\nDisallow: /"


@pytest.fixture(scope="module")
def curated(massivetext_here: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sites")
    (folder / "run.yaml").write_text(CONFIGURATION)
    (folder / "crawl-1.warc").write_bytes(b"".join(page(url, head) for url, head in PAGES.items()))
    (folder / "crawl-2.warc").write_bytes(
        record("https://a.example/robots.txt", "User-agent: ccbot\nDisallow: /closed")
        + record("https://b.example/robots.txt", "User-agent: *\nAllow: /", date="2026-02-02")
        + record("https://b.example/robots.txt", ALL)
        + record("https://c.example/.well-known/tdmrep.json", '[{"location": "/news", "tdm-reservation": 1}]')
        + record("https://d.example/ai.txt", "User-Agent: *\nDisallow: *.html")
        + record("https://f.example/robots.txt", ALL, status="503 Busy")
    )
    (folder / "robotstxt").mkdir()
    (folder / "robotstxt/1.warc").write_bytes(record("https://g.example/robots.txt", ALL))
    done = massivetext_here("curate", str(folder / "run.yaml"), "--output", str(folder / "out"))
    assert done.returncode == 0, done.stderr
    assert "no robots.txt" not in done.stderr
    return folder / "out"


def test_pages_are_removed_for_what_their_sites_state(curated: Path) -> None:
    gone = removed(curated)
    assert dict(zip(gone.column("url").to_pylist(), gone.column("robots").to_pylist(), strict=True)) == {
        "http://a.example/closed/1": ["robots.txt:ccbot"],
        "https://c.example/news": ["tdmrep.json"],
        "https://d.example/a": ["ai.txt"],
        "https://e.example/": ["tdm-reservation:1"],
        "https://g.example/": ["robots.txt:ccbot", "robots.txt:gptbot"],
    }
    assert set(gone.column("removed_by").to_pylist()) == {"robots"}
    stay = kept(curated)
    assert dict(zip(stay.column("url").to_pylist(), stay.column("robots").to_pylist(), strict=True)) == {
        "http://a.example/open": None,
        "https://b.example/": None,
        "https://c.example/free": None,
        "https://c.example/news/own": ["tdm-reservation:0"],
        "https://f.example/": None,
    }


def test_a_crawl_without_files_of_sites_is_told(tmp_path: Path, massivetext_here: Run) -> None:
    """Who asks for robots.txt of crawlers must hear that none was there to be asked."""
    (tmp_path / "robotstxt").mkdir()
    for name in ("crawl-1.warc", "robotstxt/1.warc"):
        (tmp_path / name).write_bytes(page("http://a.example/open"))
    (tmp_path / "run.yaml").write_text(CONFIGURATION)
    done = massivetext_here("curate", str(tmp_path / "run.yaml"), "--output", str(tmp_path / "out"))
    assert "robots: no robots.txt, tdmrep.json or ai.txt is among the WARC records" in done.stderr
    assert "robots.records" in done.stderr


def test_addresses_that_are_none() -> None:
    none = pa.array([None, ["noai"]], pa.list_(pa.string()))
    assert Statements([]).asked(pa.array([None, "urn:a"]), none).to_pylist() == [None, ["noai"]]
