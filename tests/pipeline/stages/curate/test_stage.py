"""The options that concern the content of documents, by a run of the command line."""

import json
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pydantic import ValidationError

from massivetext.pipeline.config.curate import Mask, Text
from tests.pipeline.documents import kept, removed

CONFIGURATION = """
sources:
  web:  {kind: web,  paths: [crawl.warc],  weight: 0.5}
  text: {kind: text, paths: [lines.jsonl], weight: 0.5}
text:       {normalise: nfc}
mask:       {kinds: [email, phone]}
robots:     {refuse: [noai]}
blocklist:  {domains: domains.txt, urls: urls.txt}
characters: {sources: [text]}
language:   {sources: []}
quality:    {sources: []}
repetition: {sources: []}
mix:        {tokens: 100}
"""
PAGE = "<html><head>{}</head><body><p>Ask cafe\u0301@example.org or anna@example.org.</p></body></html>"
Run = Callable[..., subprocess.CompletedProcess[str]]


def response(url: str, head: str = "") -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE.format(head).encode()
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: %s\r\nContent-Type: application/http\r\n"
        b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (url.encode(), len(http), http)
    )


@pytest.fixture(scope="module")
def curated(massivetext_here: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("curated")
    (folder / "run.yaml").write_text(CONFIGURATION)
    (folder / "crawl.warc").write_bytes(
        response("http://a.example/")
        + response("http://b.example/", '<meta name="robots" content="noai, noindex">')
        + response("http://www.bad.example/")
        + response("http://a.example/refused")
        + b"WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    )
    texts = ["Call +49 30 123456.", "a\0b", "a\ufffd", "a"]
    urls = [None, None, None, "http://bad.example/"]
    lines = (json.dumps({"text": text, "url": url}) for text, url in zip(texts, urls, strict=True))
    (folder / "lines.jsonl").write_text("\n".join(lines))
    (folder / "domains.txt").write_text("# refused\n\nbad.example\n")
    (folder / "urls.txt").write_text("https://a.example/refused\n")
    done = massivetext_here("curate", str(folder / "run.yaml"), "--output", str(folder / "out"))
    assert done.returncode == 0, done.stderr
    return folder / "out"


def table(out: Path, folder: str, source: str) -> pa.Table:
    documents = {"documents": kept, "removed": removed}[folder](out)
    return documents.filter(pc.field("source") == source).sort_by("origin_offset")


def test_what_is_kept(curated: Path) -> None:
    (page,) = table(curated, "documents", "web").to_pylist()
    assert page["text"].startswith("Ask caf\u00e9@example.org or mail-")
    assert (page["charset"], page["charset_origin"], page["robots"]) == ("utf-8", "header", None)
    assert (page["masked_email_count"], page["masked_phone_count"], page["masked_ip_count"]) == (1, 0, None)
    assert page["blocklisted"] is None
    (line,) = table(curated, "documents", "text").to_pylist()
    assert line["text"].startswith("Call +1-202-555-01")
    assert (line["charset"], line["control_character_count"]) == (None, 0)


def test_what_is_removed_and_why(curated: Path) -> None:
    web = table(curated, "removed", "web")
    assert web.column("removed_by").to_pylist() == ["robots", "blocklist", "blocklist"]
    assert web.column("robots").to_pylist() == [["noai", "noindex"], None, None]
    assert web.column("blocklisted").to_pylist() == [None, "bad.example", "a.example/refused"]
    text = table(curated, "removed", "text")
    reasons = ["control_character_count", "replacement_character_count", "blocklist"]
    assert text.column("removed_by").to_pylist() == reasons


@pytest.mark.skipif(find_spec("ftfy") is not None, reason="ftfy, an optional extra, is installed")
def test_mojibake_without_ftfy_is_told_with_the_configuration() -> None:
    with pytest.raises(ValidationError, match=r"pip install '\.\[mojibake\]'"):
        Text(mojibake=True)


@pytest.mark.skipif(
    find_spec("detect_secrets") is not None, reason="detect-secrets, an optional extra, is installed"
)
def test_secrets_without_detect_secrets_are_told_with_the_configuration() -> None:
    with pytest.raises(ValidationError, match=r"pip install '\.\[secrets\]'"):
        Mask(kinds=["secret"])
