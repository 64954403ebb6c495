"""The whole pipeline beside datatrove's, Dolma's and data-juicer's, on the same documents, one after the other.

    python -m benchmarks.whole_run_peers ../shared/data FOLDER [--megabytes 10 50 500] [--peers-at-most 50]

Texts: the first megabytes of bench; beyond its 258 MB, its documents again with other words (see growth.py). Pages: the
HTML of WCXB and of Debian's documentation, as WARC, in as many files as the texts. Their addresses are made up, since
datatrove ends at a page without an address, and Dolma at one that is malformed; WCXB has both. Each program reads,
extracts (pages), keeps English by the same fastText model, filters by Gopher's rules, removes duplicates, and writes
tokens with the same tokenizer.json, as far as it can: see peer_run_*.py. Seconds, CPU seconds and memory are those of
the whole command, imports and worker processes included. Peers get at most `--peers-at-most` megabytes of text.
"""

import argparse
import base64
import gzip
import hashlib
import io
import json
import os
import shutil
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import orjson
import zstandard

from benchmarks import growth
from benchmarks.peers import ROOT, environment
from benchmarks.took import Took, took
from massivetext.filters.language.language import MODEL
from massivetext.pipeline.read.formats import http, warc
from massivetext.pipeline.read.formats.decompress import Decompressed
from massivetext.pipeline.read.settings import Limits

FILES = 8  # of each input, so that every program has work for all its processes
OURS = "massivetext"
PEERS = {"datatrove": ("pages", "text"), "dolma": ("pages", "text"), "juicer": ("text",)}
TOKENIZER = ROOT / "build/tokenizers/gpt2.json"
STEPS = ("language", "quality", "repetition", "exact", "near")
CONFIG = """\
sources: {{{kind}: {{kind: {source}, paths: ["{folder}/*"], weight: 1}}}}
language: {{sources: [{kind}]}}
quality: {{sources: [{kind}]}}
repetition: {{sources: [{kind}]}}
deduplicate: {{sources: [{kind}]}}
tokenizer: {{model: "{tokenizer}", eos: "<|endoftext|>"}}
"""

Counts = Sequence[tuple[str, int]]
"""The number of documents after each step."""


@dataclass
class Files:
    """FILES gzipped files that together hold so many bytes of documents."""

    folder: Path
    suffix: str
    size: int
    written: int = 0
    _open: dict[int, BinaryIO] = field(default_factory=dict)

    def add(self, record: bytes, size: int) -> None:
        """Write a record that holds so many bytes of a document, unless the files hold enough."""
        number = self.written * FILES // self.size
        if number < FILES:
            if number not in self._open:
                self.close()
                self._open[number] = (self.folder / f"{number:03}{self.suffix}").open("ab")
            self._open[number].write(record)
            self.written += size

    def close(self) -> None:
        for file in self._open.values():
            file.close()
        self._open.clear()


def write_texts(bench: Path, folders: dict[int, Path]) -> None:
    """Write texts of so many megabytes to each folder. The smaller ones are the beginning of the larger ones."""
    wanted = [Files(folder, ".jsonl.gz", megabytes * 1_000_000) for megabytes, folder in folders.items()]
    for number, line in enumerate(growth.documents(bench)):
        if not (rest := [files for files in wanted if files.written < files.size]):
            break
        text = orjson.loads(line)["text"]
        record = gzip.compress(
            orjson.dumps({"id": str(number), "text": text, "source": "bench"}) + b"\n", compresslevel=1
        )
        for files in rest:
            files.add(record, len(text.encode()))
    for files in wanted:
        files.close()


def write_pages(web: Path, folder: Path, share: int) -> int:
    """Write WARC files of one in `share` pages. Returns the bytes of HTML."""
    found = list(islice(_pages(web), 0, None, share))
    size = sum(map(len, found))
    files = Files(folder, ".warc.gz", size)
    for number, html in enumerate(found):
        files.add(gzip.compress(_record(f"https://example.org/{number}", html), compresslevel=1), len(html))
    files.close()
    return size


def _pages(web: Path) -> Iterator[bytes]:
    with zstandard.open(web / "wcxb-dev.jsonl.zst", "rb") as lines:
        for line in io.BufferedReader(lines):
            yield orjson.loads(line)["html"].encode()
    limits = Limits()
    with (web / "debian-html-01.warc.gz").open("rb") as stream:
        for frame in warc.frames(Decompressed(stream, limits), limits):
            if isinstance(frame, warc.Frame) and (response := http.parse(frame.block)):
                body = http.body(response, limits.record_bytes)
                if isinstance(body, bytes):
                    yield body


def _record(url: str, html: bytes) -> bytes:
    """A page as Common Crawl stores it."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html
    digest = base64.b32encode(hashlib.sha1(html).digest()).decode()
    head = {
        "WARC-Type": "response",
        "WARC-Date": "2026-11-01T00:00:00Z",
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{url} {digest}')}>",
        "WARC-Target-URI": url,
        "WARC-Payload-Digest": f"sha1:{digest}",
        "WARC-Identified-Payload-Type": "text/html",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    }
    fields = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"WARC/1.0\r\n{fields}\r\n".encode() + block + b"\r\n\r\n"


def measured(program: str, kind: str, source: Path, work: Path) -> tuple[Took, Counts]:
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    return ours(kind, source, work) if program == OURS else theirs(program, kind, source, work)


def ours(kind: str, source: Path, work: Path) -> tuple[Took, Counts]:
    kinds = {"pages": "web", "text": "text"}
    config = work / "massivetext.yaml"
    config.write_text(CONFIG.format(kind=kind, source=kinds[kind], folder=source, tokenizer=TOKENIZER))
    command = [sys.executable, "-m", "massivetext.pipeline.cli", "run", config, "--output", work / "out"]
    figures = took(command, work / "massivetext.log")
    [every] = [
        funnel["steps"]
        for funnel in json.loads((work / "out/report/stats.json").read_bytes())["funnels"]
        if funnel["source"] == "all"
    ]
    removed = {step["name"]: step["amount"]["documents"] for step in every}
    left, counts = removed["read"], [("read", removed["read"])]
    for name in STEPS:
        left -= removed[name]
        counts.append((name, left))
    return figures, counts


def theirs(peer: str, kind: str, source: Path, work: Path) -> tuple[Took, Counts]:
    script = Path(__file__).with_name(f"peer_run_{peer}.py")
    python, workers = environment(peer), str(len(os.sched_getaffinity(0)))
    command = [python, script, source, work / "out", kind, TOKENIZER, MODEL, workers]
    figures = took(command, work / f"{peer}.log")
    return figures, [tuple(each) for each in json.loads(figures.output.splitlines()[-1])]


def row(name: str, size: str, figures: Took, counts: Counts, best: Took) -> str:
    steps = ", ".join(f"{step} {count:,}" for step, count in counts)
    return (
        f"| {size} | {name} | {steps} | {figures.cpu:.1f} | {figures.cpu / best.cpu:.1f} | {figures.seconds:.1f} "
        f"| {figures.memory / 1e6:,.0f} | {os.getloadavg()[0]:.0f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--megabytes", type=int, nargs="+", default=[10, 50, 500], help="of text")
    parser.add_argument("--peers-at-most", type=int, default=50, help="megabytes of text")
    parser.add_argument("--pages", type=int, default=1, help="one in so many pages")
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS))
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    texts = {megabytes: folder / f"text-{megabytes}" for megabytes in arguments.megabytes}
    pages = folder / "pages"
    for each in (*texts.values(), pages):
        each.mkdir(parents=True)
    write_texts(arguments.data / "bench", texts)
    html = write_pages(arguments.data / "web", pages, arguments.pages)
    for peer in arguments.peers:
        environment(peer)
    inputs = [(f"pages, {html / 1e6:.0f} MB of HTML", "pages", pages, True)]
    inputs += [
        (f"text, {megabytes} MB", "text", source, megabytes <= arguments.peers_at_most)
        for megabytes, source in texts.items()
    ]
    print("| input | program | documents after each step | CPU s | times ours | wall s | peak MB | load |")
    print("|---|---|---|---|---|---|---|---|")
    for size, kind, source, with_peers in inputs:
        best = None
        for program in (OURS, *(arguments.peers if with_peers else ())):
            if program == OURS or kind in PEERS[program]:
                figures, counts = measured(program, kind, source, folder / "work")
                best = best or figures
                print(row(program, size, figures, counts, best), flush=True)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
