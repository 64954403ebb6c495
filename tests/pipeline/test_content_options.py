"""All options for content in one run: what each did stands in the figures of the report."""

import io
import json
import subprocess
import tarfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.verify.verify import verify

HAS_SECRETS, HAS_FTFY = (find_spec(name) is not None for name in ("detect_secrets", "ftfy"))
KINDS = ["email", "ip", "phone", *["secret"] * HAS_SECRETS]
CONFIGURATION = f"""
sources:
  web:  {{kind: web,  paths: [crawl.warc],  weight: 0.6}}
  text: {{kind: text, paths: [lines.jsonl], weight: 0.2}}
  code: {{kind: code, paths: [code.tar],    weight: 0.2}}
text:        {{normalise: nfc, mojibake: {str(HAS_FTFY).lower()}}}
mask:        {{kinds: {KINDS}}}
robots:      {{refuse: [noai]}}
blocklist:   {{domains: domains.txt, urls: urls.txt}}
characters:  {{sources: [text]}}
language:    {{sources: []}}
quality:     {{sources: []}}
repetition:  {{sources: []}}
licence:     {{sources: []}}
deduplicate: {{url: newest_capture}}
tokenizer:   {{train: {{vocabulary: 512}}}}
mix:         {{tokens: 200, sequence_length: 16, max_epochs: 50}}
"""
WORDS = " ".join(
    f"{syllable}{number}" for number in range(12) for syllable in ("ka", "lo", "mi", "nu", "re", "sta")
)
KEY = f"{'ghp'}_b7Kq9ZxW3mTn5RvY8cLd2HfJ6gPs4QaE1UwV"
SOURCE = f'"""Reads a table. Ask anna@example.org."""\n\nTOKEN = "{KEY}"\nAGAIN = "{KEY}"\n'
Run = Callable[..., subprocess.CompletedProcess[str]]


def response(url: str, date: str, text: str, head: str = "") -> bytes:
    page = f"<html><head>{head}</head><body><p>{text}</p></body></html>"
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: %s\r\nWARC-Date: %s\r\n"
        b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
        % (url.encode(), date.encode(), len(http), http)
    )


@pytest.fixture(scope="module")
def out(massivetext_here: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("options")
    (folder / "run.yaml").write_text(CONFIGURATION)
    first, second = "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"
    personal = "Ask cafe\u0301 at ben@example.org, ben@example.org or 8.8.8.8, or call +49 30 123456."
    pages = [
        ("http://a.example/", first, f"The page as it was. {WORDS}", ""),
        ("https://a.example/?utm_source=b", second, f"{personal} {WORDS}", ""),
        ("http://b.example/", first, "Not for you.", "<meta name='robots' content='noai'>"),
        ("http://www.bad.example/", first, "Refused by its domain.", ""),
        ("http://c.example/refused", first, "Refused by its URL.", ""),
        ("http://c.example/", first, f"It is said that the cafÃ© isnâ€™t far. {WORDS.upper()}", ""),
    ]
    (folder / "crawl.warc").write_bytes(b"".join(response(*page) for page in pages))
    texts = [WORDS[::-1], "a\0b", "a\ufffd"]
    (folder / "lines.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    (folder / "domains.txt").write_text("bad.example\n")
    (folder / "urls.txt").write_text("https://c.example/refused\n")
    with tarfile.open(folder / "code.tar", "w") as archive:
        member = tarfile.TarInfo("p/table.py")
        member.size = len(SOURCE)
        archive.addfile(member, io.BytesIO(SOURCE.encode()))
    done = massivetext_here("run", str(folder / "run.yaml"), "--output", str(folder / "out"))
    assert done.returncode == 0, done.stderr
    return folder / "out"


@pytest.fixture(scope="module")
def stats(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "report/stats.json").read_bytes())
    return found


def test_the_promises_hold(out: Path) -> None:
    assert verify(str(out)) == []


def test_the_funnel_counts_what_each_option_removed(stats: dict[str, Any]) -> None:
    funnels = {
        funnel["source"]: {step["name"]: step["amount"]["documents"] for step in funnel["steps"]}
        for funnel in stats["funnels"]
    }
    steps = ("read", "robots", "blocklist", "characters", "url", "kept")
    assert {source: [funnel[name] for name in steps] for source, funnel in funnels.items()} == {
        "all": [10, 1, 2, 2, 1, 4],
        "web": [6, 1, 2, 0, 1, 2],
        "text": [3, 0, 0, 2, 0, 1],
        "code": [1, 0, 0, 0, 0, 1],
    }
    rules = {rule["name"]: rule["sources"][0]["broken"]["documents"] for rule in stats["rules"]}
    assert rules == {
        "robots": 1,
        "blocklist": 2,
        "control_character_count": 1,
        "replacement_character_count": 1,
    }


def counted(stats: dict[str, Any], column: str) -> dict[str, dict[float, int]]:
    """By source: how many documents have so many of what a column counts."""
    (histogram,) = [each for each in stats["histograms"] if each["column"] == column]
    return {
        source: {histogram["edges"][bin_]: count for bin_, count in enumerate(counts) if count}
        for source, counts in histogram["counts"].items()
    }


def test_histograms_count_what_was_found(stats: dict[str, Any]) -> None:
    assert counted(stats, "masked_email_count") == {"web": {0: 5, 2: 1}, "text": {0: 3}}
    assert counted(stats, "masked_ip_count") == {"web": {0: 5, 1: 1}, "text": {0: 3}}
    assert counted(stats, "masked_phone_count") == {"web": {0: 5, 1: 1}, "text": {0: 3}}
    one = {"code": {0: 1}, "web": {0: 6}}
    assert counted(stats, "control_character_count") == one | {"text": {0: 2, 1: 1}}
    assert counted(stats, "replacement_character_count") == one | {"text": {0: 2, 1: 1}}


@pytest.mark.skipif(not HAS_SECRETS, reason="detect-secrets, an optional extra, is not installed")
def test_secrets_are_masked_in_code_where_addresses_stay(out: Path, stats: dict[str, Any]) -> None:
    assert counted(stats, "masked_secret_count") == {"code": {2: 1}, "text": {0: 3}, "web": {0: 6}}
    (row,) = pq.read_table(out / "documents/source=code", partitioning=None).to_pylist()
    lines = row["text"].splitlines()
    assert lines[0] == SOURCE.splitlines()[0]
    assert KEY not in row["text"]
    assert lines[2].partition(" = ")[2] == lines[3].partition(" = ")[2]


@pytest.mark.skipif(not HAS_FTFY, reason="ftfy, an optional extra, is not installed")
def test_mojibake_is_measured(stats: dict[str, Any]) -> None:
    found = counted(stats, "mojibake_count")["web"]
    assert (found[0], sum(found.values())) == (5, 6)


def test_texts_are_normalised_and_masked(out: Path) -> None:
    rows = pq.read_table(out / "documents/source=web", partitioning=None).to_pylist()
    (page,) = [row["text"] for row in rows if "utm_source" in row["url"]]
    assert "caf\u00e9 at mail-" in page
    assert not any(value in page for value in ("ben@example.org", "8.8.8.8", "+49 30 123456"))


def test_older_captures_are_shown(out: Path, stats: dict[str, Any], massivetext_here: Run) -> None:
    counts = {row["source"]: row["url"]["documents"] for row in stats["deduplication"]["sources"]}
    assert counts == {"web": 1, "text": 0}  # code is not deduplicated
    (pair,) = stats["pairs"]
    assert (pair["kind"], pair["jaccard"]) == ("url", None)
    urls = (pair["document"]["url"], pair["survivor"]["url"])
    assert urls == ("http://a.example/", "https://a.example/?utm_source=b")
    assert "older captures" in (out / "report/index.html").read_text()
    assert "1 older captures" in (out / "report/datasheet.md").read_text()
    shown = massivetext_here("inspect", str(out), "--removed-by", "url")
    assert "captured again" in shown.stdout
