"""Each format's reader beside an independent one: records and texts, counts and differences; and how fast `curate` is.

    python -m benchmarks.formats_compare FOLDER TEXTS.jsonl.zst [PDF FILES' FOLDER]

FOLDER is where the files are made. The peers (pandas, python-docx, pdfminer.six) must be importable, and pandoc
must be on PATH.
"""

import io
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import pandas
import pyarrow as pa
import pyarrow.parquet as pq
from backports import zstd
from lxml import html

from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.record import Failure, Input, Record

ROWS = 5000  # of each table
PROSE = 40  # documents that are converted by pandoc
POSTS = 10_000
PDF_BYTES = 40 << 20
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
WORD = re.compile(r"\w+")


def texts(path: Path, count: int) -> list[str]:
    with zstd.open(path) as stream:
        return [json.loads(line)["text"] for line, _ in zip(stream, range(count), strict=False)]


def ours(kind: str, path: Path) -> tuple[list[str], int, float]:
    """The texts that our reader gives, how many records failed, and its CPU seconds."""
    began, found, failed = time.process_time(), [], 0
    with path.open("rb") as stream:
        for each in KINDS[kind].read(Input(path.name, stream)):
            found += [each.text] if isinstance(each, Record) else []
            failed += isinstance(each, Failure)
    return found, failed, time.process_time() - began


def words(text: str) -> list[str]:
    return WORD.findall(text)


def shared(a: str, b: str) -> float:
    """The share of words, counted with repeats, that both texts have."""
    one, other = Counter(words(a)), Counter(words(b))
    total = max(one.total(), other.total())
    return (one & other).total() / total if total else 1.0


def table(name: str, path: Path, written: list[str], read: Callable[[Path], Iterable[str]]) -> None:
    mine, failed, seconds = ours("text", path)
    began = time.process_time()
    theirs = list(read(path))
    other = time.process_time() - began
    lost, lost_there = ((Counter(written) - Counter(each)).total() for each in (mine, theirs))
    size = path.stat().st_size / 1e6
    print(
        f"{name:14} {size:6.1f} MB  records {len(mine):,} (failed {failed}), pandas {len(theirs):,}; texts not as "
        f"they were written {lost}, pandas {lost_there}; MB/CPU s {size / seconds:.0f}, pandas {size / other:.0f}",
        flush=True,
    )


def tables(folder: Path, found: list[str]) -> None:
    frame = pandas.DataFrame({"id": range(len(found)), "text": found})
    frame.to_csv(folder / "a.csv", index=False)
    frame.to_csv(folder / "a.tsv", index=False, sep="\t")
    frame.to_json(folder / "a.jsonl", orient="records", lines=True)
    frame.to_json(folder / "a.json", orient="records")
    pq.write_table(pa.Table.from_pandas(frame), folder / "a.parquet")
    as_text: dict[str, Any] = {"dtype": str, "keep_default_na": False}
    table("CSV", folder / "a.csv", found, lambda path: pandas.read_csv(path, **as_text)["text"])
    table("TSV", folder / "a.tsv", found, lambda path: pandas.read_csv(path, sep="\t", **as_text)["text"])
    table(
        "JSON lines",
        folder / "a.jsonl",
        found,
        lambda path: pandas.read_json(path, lines=True, dtype=False)["text"],
    )
    table(
        "JSON array",
        folder / "a.json",
        found,
        lambda path: pandas.read_json(path, dtype=False)["text"],
    )
    table("Parquet", folder / "a.parquet", found, lambda path: pandas.read_parquet(path)["text"])


def pandoc(content: bytes, source: str, goal: str, *options: str) -> bytes:
    command = ["pandoc", "--from", source, "--to", goal, *options]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout


def of_docx(path: Path) -> str:
    import docx

    return "\n\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)


def of_pdf(path: Path) -> str:
    from pdfminer.high_level import extract_text

    return str(extract_text(str(path)))


def documents(name: str, kind: str, paths: list[Path], readers: dict[str, Callable[[Path], str]]) -> None:
    """Prints for each peer how many documents have the same words in the same order, and the words that are shared."""
    mine, seconds = {}, 0.0
    for path in paths:
        found, _, spent = ours(kind, path)
        mine[path] = "\n\n".join(found)
        seconds += spent
    size = sum(path.stat().st_size for path in paths) / 1e6
    for peer, read in readers.items():
        began, same, share = time.process_time(), 0, []
        for path in paths:
            theirs = read(path)
            same += words(mine[path]) == words(theirs)
            share.append(shared(mine[path], theirs))
        other = time.process_time() - began
        print(
            f"{name:8} {len(paths)} files, {size:.1f} MB, {sum(map(bool, mine.values()))} read; {peer}: the same "
            f"words in order {same}, shared words mean {sum(share) / len(share):.4f}, least {min(share):.4f}; "
            f"CPU s {seconds:.1f}, {peer} {other:.1f}",
            flush=True,
        )


def prose(folder: Path, found: list[str]) -> None:
    for form in ("docx", "odt", "tex"):
        (folder / form).mkdir(exist_ok=True)
    for number, text in enumerate(found):
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n") if line.strip())
        page = f"<html><body>{paragraphs}</body></html>".encode()
        for form, to in (("docx", "docx"), ("odt", "odt"), ("tex", "latex")):
            (folder / form / f"{number}.{form}").write_bytes(
                pandoc(page, "html", to, "--standalone", "--output=-")
            )

    def plain(path: Path) -> str:
        source = {"tex": "latex"}.get(path.suffix[1:], path.suffix[1:])
        return pandoc(path.read_bytes(), source, "plain", "--wrap=none").decode()

    for form, kind, readers in (
        ("docx", "text", {"python-docx": of_docx, "pandoc": plain}),
        ("odt", "text", {"pandoc": plain}),
        ("tex", "latex", {"pandoc": plain}),
    ):
        documents(form, kind, sorted((folder / form).iterdir()), readers)


def posts(folder: Path, found: list[str]) -> None:
    """Threads of a question and some answers, beside ElementTree and lxml's text_content."""
    path = folder / "stackexchange/Posts.xml"
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as stream:
        stream.write("<?xml version='1.0' encoding='utf-8'?>\n<posts>\n")
        question = 1
        for number in range(1, POSTS + 1):
            if number % 3 == 1:
                question = number
            kind = (
                "PostTypeId='1' Title='A question'"
                if number == question
                else f"PostTypeId='2' ParentId='{question}'"
            )
            lines = NO_XML.sub("", found[number % len(found)][:2000]).split("\n")
            body = quoteattr("".join(f"<p>{escape(line)}</p>" for line in lines))
            stream.write(f"<row Id='{number}' {kind} Score='1' Body={body} />\n")
        stream.write("</posts>\n")
    mine, failed, seconds = ours("stackexchange", path)
    bodies: dict[str, list[str]] = {}
    for _, row in ElementTree.iterparse(path):
        if row.tag == "row":
            thread = bodies.setdefault(row.get("ParentId") or row.get("Id") or "", [row.get("Title") or ""])
            thread.append(" ".join(html.fromstring(f"<div>{row.get('Body')}</div>").itertext()))
    same = sum(words(a) == words(" ".join(b)) for a, b in zip(mine, bodies.values(), strict=False))
    print(
        f"Posts.xml {POSTS:,} posts: threads {len(mine):,} (failed {failed}), ElementTree {len(bodies):,}; "
        f"the same words in order {same:,}; CPU s {seconds:.1f}",
        flush=True,
    )


def code(folder: Path) -> None:
    """The Stack's columns, of Python's own library."""
    library = Path(io.__file__).parent
    rows = [
        {"content": path.read_text("utf-8", "replace"), "path": path.name, "license": ["MIT"]}
        for path in sorted(library.rglob("*.py"))
        if "site-packages" not in path.parts
    ]
    (folder / "stack").mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), folder / "stack/a.parquet", row_group_size=500)


def pdfs(source: Path) -> Iterator[Path]:
    yield from sorted(path for path in source.rglob("*.pdf") if path.stat().st_size < 8 << 20)


def curated(folder: Path, name: str, kind: str, pattern: str) -> None:
    """`curate` of one folder in one process: MB and documents a CPU second."""
    config = folder / f"{name}.yaml"
    config.write_text(
        f"sources: {{{name}: {{kind: {kind}, paths: ['{pattern}']}}}}\nlimits: {{failed: 1}}\nmix: {{tokens: 1000}}\n"
    )
    options = [
        "--output",
        str(folder / f"out-{name}"),
        "--json",
        "--quiet",
        "--direct_running_mode=in_memory",
    ]
    command = [sys.executable, "-m", "massivetext.pipeline.cli", "curate", str(config), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    seconds = found["stages"]["curate"]["cpu_seconds"]
    size = sum(path.stat().st_size for path in folder.glob(pattern)) / 1e6
    counted = found["sources"][name]
    print(
        f"curate {name}: {size:.1f} MB, {counted}, {seconds:.1f} CPU s: {size / seconds:.1f} MB/s, "
        f"{counted['read'] / seconds:.0f} documents/s a core",
        flush=True,
    )


def main() -> None:
    folder, source = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    found = texts(source, ROWS)
    tables(folder, found)
    prose(folder, [text for text in found if 2000 < len(text) < 20_000][:PROSE])
    posts(folder, found)
    code(folder)
    if len(sys.argv) > 3:
        paths = list(pdfs(Path(sys.argv[3])))
        documents("pdf", "text", paths[:12], {"pdfminer.six": of_pdf})
        (folder / "pdf").mkdir(exist_ok=True)
        size, copies = 0, 0
        while paths and size < PDF_BYTES:
            path = paths[copies % len(paths)]
            (folder / f"pdf/{copies:04}.pdf").write_bytes(path.read_bytes())
            size, copies = size + path.stat().st_size, copies + 1
        curated(folder, "pdf", "text", "pdf/*.pdf")
    curated(folder, "stackexchange", "stackexchange", "stackexchange/Posts.xml")
    curated(folder, "stack", "code", "stack/*.parquet")


if __name__ == "__main__":
    main()
