"""Captures of one URL, from WARC files as a crawler leaves them to duplicates/."""

import gzip
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import NamedTuple

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from massivetext.pipeline.cli import main

CONFIG = """\
part_bytes: {part_bytes}
sources:
  web: {{kind: web, paths: ["{dump}/*.warc.gz"], weight: 1}}
language: {{sources: []}}
quality: {{sources: []}}
repetition: {{sources: []}}
deduplicate: {{{options}}}
mix: {{tokens: 300}}
"""
Command = Callable[..., CompletedProcess[str]]


def story(name: str) -> str:
    """A text of 90 words of its own."""
    return " ".join(f"{name}{number}" for number in range(90))


class Capture(NamedTuple):
    """A page as it was fetched once."""

    url: str
    date: str | None
    text: str


def warc(captures: list[Capture]) -> bytes:
    """A WARC file, a gzip member a record."""
    records = []
    for url, date, text in captures:
        body = f"<html><body><p>{text}</p></body></html>".encode()
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
        dated = f"WARC-Date: {date}\r\n" if date else ""
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n{dated}"
            f"Content-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        records.append(gzip.compress(head.encode() + block + b"\r\n\r\n", mtime=0))
    return b"".join(records)


def write(folder: Path, dump: str, *files: list[Capture]) -> None:
    (folder / dump).mkdir()
    for number, captures in enumerate(files):
        (folder / dump / f"{number}.warc.gz").write_bytes(warc(captures))


def deduplicated(folder: Path, dump: str, options: str = "url: newest_capture") -> Path:
    """Curate and deduplicate a dump; returns the output."""
    path, out = folder / f"{dump}.yaml", folder / f"{dump}-out"
    path.write_text(CONFIG.format(dump=dump, options=options, part_bytes=1 << 20))
    where = ("--output", str(out), "--direct_running_mode=in_memory")
    for stage in ("curate", "deduplicate"):
        done = CliRunner().invoke(main, [stage, str(path), *where])
        assert done.exit_code == 0, done.output
    return out


class Gone(NamedTuple):
    """What took a capture: its row of duplicates/, with the survivor's URL where that is in this output."""

    kind: str
    jaccard: float | None
    output: str | None
    survivor: str | None


def gone(out: Path) -> dict[str, Gone]:
    """The removed captures by their URLs, which must all be spelt differently."""
    rows = pq.read_table(out / "documents", partitioning=None).to_pylist()
    urls = {row["id"]: row["url"] for row in rows}
    assert len(set(urls.values())) == len(urls)
    return {
        urls[row["id"]]: Gone(
            row["kind"], row["jaccard"], row["survivor_output"], urls.get(row["survivor_id"])
        )
        for path in sorted((out / "duplicates").glob("*.parquet"))
        for row in pq.read_table(path).to_pylist()
    }


OLD = Capture("http://a.example/x?b=2&a=1", "2020-01-01T00:00:00Z", story("harbour"))
MIDDLE = Capture("http://a.example/./x?a=1&b=2", "2020-06-01T00:00:00.5Z", story("spring"))
NEW = Capture("https://A.example:443/x?a=1&b=2&gclid=n#top", "2021-01-01T00:00:00Z", story("library"))
UNDATED = Capture("http://a.example/x?a=1&b=2", None, story("town"))
OTHER = Capture("http://b.example/", OLD.date, story("bridge"))


@pytest.mark.parametrize("order", [(OLD, MIDDLE, NEW), (NEW, OLD, MIDDLE), (MIDDLE, NEW, OLD)])
def test_the_newest_capture_stays_wherever_it_stands(tmp_path: Path, order: tuple[Capture, ...]):
    write(tmp_path, "dump", [OTHER, order[0]], [order[1], UNDATED, order[2]])
    out = deduplicated(tmp_path, "dump")
    by_url = Gone("url", None, None, NEW.url)
    assert gone(out) == {one.url: by_url for one in (OLD, MIDDLE, UNDATED)}


def test_it_is_an_option(tmp_path: Path):
    write(tmp_path, "dump", [OLD, NEW])
    assert gone(deduplicated(tmp_path, "dump", "")) == {}


def test_of_captures_of_one_date_the_same_stays_whoever_reads_them(tmp_path: Path, massivetext: Command):
    captures = [Capture(f"{OTHER.url}#{number}", OLD.date, story(f"a{number}b")) for number in range(6)]
    write(tmp_path, "dump", *([one] for one in captures))
    together = deduplicated(tmp_path, "dump")
    config, apart = tmp_path / "apart.yaml", tmp_path / "apart"
    config.write_text(CONFIG.format(dump="dump", options="url: newest_capture", part_bytes=1))
    where = (str(config), "--output", str(apart))
    assert CliRunner().invoke(main, ["curate", *where, "--direct_running_mode=in_memory"]).exit_code == 0
    done = massivetext("deduplicate", *where, "--direct_num_workers=2")
    assert done.returncode == 0, done.stderr
    assert len(list((apart / "documents/source=web").iterdir())) == 6
    assert len(list((together / "documents/source=web").iterdir())) == 1
    assert gone(apart) == gone(together)
    assert len(gone(apart)) == 5


def test_nothing_is_a_duplicate_of_a_capture_that_goes(tmp_path: Path):
    copy = Capture("http://copy.example/", OLD.date, OLD.text)
    resembles = Capture("http://resembles.example/", OLD.date, MIDDLE.text + " indeed")
    write(tmp_path, "dump", [OLD, MIDDLE, NEW], [copy, resembles])
    assert set(gone(deduplicated(tmp_path, "dump"))) == {OLD.url, MIDDLE.url}


def test_who_stands_for_a_capture_stays(tmp_path: Path):
    """The newest capture may itself be a duplicate of another page, exact or near."""
    newest, older = [], []
    for number in range(12):
        url, text = f"http://{number}.example/", story(f"a{number}b")
        newest += [Capture(url, NEW.date, text)]
        newest += [Capture(f"{url}copy", NEW.date, text), Capture(f"{url}near", NEW.date, text + " indeed")]
        older += [Capture(f"{url}#older", OLD.date, story(f"c{number}d"))]
    write(tmp_path, "dump", newest, older)
    found = gone(deduplicated(tmp_path, "dump"))
    survivors = {one.url: found[one.url] for one in older}
    assert {(each.kind, each.jaccard, each.output) for each in survivors.values()} == {("url", None, None)}
    for url, each in survivors.items():
        assert each.survivor is not None
        assert each.survivor not in found
        assert each.survivor.removesuffix("copy").removesuffix("near") == url.removesuffix("#older")
    assert {str(each.survivor).rpartition("/")[2] for each in survivors.values()} == {"", "copy", "near"}


@pytest.mark.parametrize(("first", "second"), [(OLD, NEW), (NEW, OLD)])
def test_a_page_of_an_earlier_run_stays(tmp_path: Path, first: Capture, second: Capture):
    write(tmp_path, "first", [first, MIDDLE])
    write(tmp_path, "second", [second, OTHER], [UNDATED])
    kept = deduplicated(tmp_path, "first")
    assert set(gone(kept)) == {min(first, MIDDLE, key=lambda one: str(one.date)).url}
    out = deduplicated(tmp_path, "second", f"url: newest_capture, against: [{kept.name}]")
    by_first = Gone("url", None, kept.name, None)
    assert gone(out) == {second.url: by_first, UNDATED.url: by_first}
