"""A folder as a new user brings it: sources in common formats, read with wrong and with right kinds.

    python -m benchmarks.formats FOLDER [TEXTS.jsonl.zst]

Builds FOLDER from the texts (default: those of the bundled sample). Then runs `massivetext check` with a configuration
that gives every source the kind that its name suggests at first sight, and `massivetext curate` with the right kinds.
Prints the console's output, the exit status, and for each source how many of its texts came out unchanged.
"""

import csv
import gzip
import io
import json
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa
import pyarrow.parquet as pq
from backports import zstd

from tests.pipeline.read.bad_input import FORMS
from tests.pipeline.read.formats.test_pdf import pdf

SAMPLE = Path(__file__).parents[1] / "pipeline/sample/news/news-00.jsonl.zst"
TEXTS = 20  # of each source


def rows(path: Path) -> list[dict[str, object]]:
    with zstd.open(path) as stream:
        found = [json.loads(line) for line, _ in zip(stream, range(TEXTS), strict=False)]
    return [
        {"id": n, "text": row["text"], "url": row.get("url"), "score": n % 7} for n, row in enumerate(found)
    ]


def delimited(found: list[dict[str, object]], delimiter: str, encoding: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(found[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(found)
    return out.getvalue().encode(encoding, "replace")


def lines(found: list[dict[str, object]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in found).encode()


def table(found: list[dict[str, object]], **options: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(found), out, **options)
    return out.getvalue()


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


def docx(text: str) -> bytes:
    paragraphs = "".join(
        f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.split("\n") if line
    )
    space = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
    return zipped(word__document=f"<w:document {space}><w:body>{paragraphs}</w:body></w:document>")


def odt(text: str) -> bytes:
    names = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = f"xmlns:office='{names}:office:1.0' xmlns:text='{names}:text:1.0'"
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n") if line)
    body = f"<office:body><office:text>{paragraphs}</office:text></office:body>"
    content = f"<office:document-content {spaces}>{body}</office:document-content>"
    return zipped(**{"META-INF__manifest": "<m/>", "content": content})


def posts(found: list[dict[str, object]]) -> bytes:
    row = "<row Id='{n}' PostTypeId='1' Score='3' Title='t{n}' Body={body} />"
    body = "".join(
        row.format(n=n + 1, body=quoteattr(f"<p>{escape(str(r['text']))}</p>")) for n, r in enumerate(found)
    )
    return f"<?xml version='1.0'?><posts>\n{body}</posts>".encode()


def window_of_2_gib(data: bytes) -> bytes:
    options = {
        zstd.CompressionParameter.window_log: 31,
        zstd.CompressionParameter.enable_long_distance_matching: 1,
    }
    compressor = zstd.ZstdCompressor(options=options)
    return compressor.compress(data) + compressor.flush()


Files = dict[str, bytes]


def files(name: str) -> Callable[[list[dict[str, object]]], Files]:
    """A file of each text, as the tests of bad input make a good one."""
    form = FORMS[name]
    return lambda found: {
        f"{n}-{form.name}": form.make([" ".join(str(row["text"]).split())]) for n, row in enumerate(found)
    }


SOURCES: dict[str, tuple[str, str, Callable[[list[dict[str, object]]], Files]]] = {
    # source: the right kind, further settings, its files
    "jsonl": ("text", "", lambda found: {"a.jsonl": lines(found)}),
    "json_array": ("text", "", lambda found: {"a.json": json.dumps(found).encode()}),
    "json_pretty": ("text", "", lambda found: {"a.json": json.dumps(found, indent=2).encode()}),
    "json_nan": ("text", "", lambda found: {"a.jsonl": lines([{**row, "p": float("nan")} for row in found])}),
    "json_utf16": ("text", "", lambda found: {"a.jsonl": lines(found).decode().encode("utf-16")}),
    "csv": ("text", "", lambda found: {"a.csv": delimited(found, ",", "utf-8")}),
    "csv_semicolon": ("text", "", lambda found: {"a.csv": delimited(found, ";", "utf-8-sig")}),
    "csv_cp1252": ("text", "", lambda found: {"a.csv": delimited(found, ",", "cp1252")}),
    "tsv_gz": ("text", "", lambda found: {"a.tsv.gz": gzip.compress(delimited(found, "\t", "utf-8"))}),
    "csv_body": ("text", "columns: {text: body, keep: [score]}, ", lambda found: {
        "a.csv": delimited([{"body": row["text"], "score": row["score"]} for row in found], ",", "utf-8")}),
    "txt": ("text", "", lambda found: {f"{n}.txt": str(row["text"]).encode() for n, row in enumerate(found)}),
    "docx": ("text", "", lambda found: {f"{n}.docx": docx(str(row["text"])) for n, row in enumerate(found)}),
    "odt": ("text", "", lambda found: {f"{n}.odt": odt(str(row["text"])) for n, row in enumerate(found)}),
    "parquet": ("text", "", lambda found: {"a.parquet": table(found)}),
    "parquet_delta": ("text", "", lambda found: {"a.parquet": table(
        found, use_dictionary=False, column_encoding={"text": "DELTA_BYTE_ARRAY"})}),
    "pushshift": ("text", "", lambda found: {"RC.zst": window_of_2_gib(lines(found))}),
    "stackexchange": ("stackexchange", "", lambda found: {"Posts.xml": posts(found)}),
    "stack": ("code", "", lambda found: {"a.parquet": table([
        {"content": row["text"], "max_stars_repo_path": "a.md", "max_stars_repo_licenses": ["MIT"]}
        for row in found])}),
    "books": ("books", "", lambda found: {"a.txt": str(found[0]["text"]).encode()}),
    "pdf": ("text", "", lambda found: {
        f"{n}.pdf": pdf(textwrap.wrap(str(row["text"]), 80)[:60]) for n, row in enumerate(found)}),
    **{name: (FORMS[name].kind, "", files(name)) for name in (
        "html", "epub", "tei", "latex", "wikipedia", "warc")},
}  # fmt: skip


def configuration(right: bool) -> str:
    """A configuration with the right kinds, or one with the kind `text` for all sources and without their columns."""
    sources = [
        f'  {name}: {{kind: {kind if right else "text"}, {more if right else ""}paths: ["{name}/*"], weight: 1}}'
        for name, (kind, more, _) in SOURCES.items()
    ]
    rules = "language: {sources: []}\nquality: {sources: []}\nrepetition: {sources: []}\ndeduplicate: {sources: []}"
    return "sources:\n" + "\n".join(sources) + f"\n{rules}\nmix: {{tokens: 1e5}}\n"


def words(text: object) -> list[str]:
    return str(text).split()


def main() -> None:
    folder = Path(sys.argv[1])
    found = rows(Path(sys.argv[2]) if len(sys.argv) > 2 else SAMPLE)
    for name, (_, _, make) in SOURCES.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for file, content in make(found).items():
            (folder / name / file).write_bytes(content)
    for command, right in (("check", False), ("curate", True)):
        config = folder / f"{'right' if right else 'wrong'}.yaml"
        config.write_text(configuration(right))
        output = ["--output", str(folder / "out")] if command == "curate" else []
        done = subprocess.run(
            [sys.executable, "-m", "massivetext.pipeline.cli", command, str(config), *output],
            capture_output=True,
            text=True,
            check=False,
        )
        print(f"== massivetext {command} {config.name}: exit status {done.returncode}")
        print((done.stdout + done.stderr).strip())
    expected = [words(row["text"]) for row in found]
    expected += [
        words(" ".join(textwrap.wrap(str(row["text"]), 80)[:60])) for row in found
    ]  # of a PDF's one page
    for name in SOURCES:
        read: list[object] = []
        for path in sorted((folder / "out/documents" / f"source={name}").glob("*.parquet")):
            read += pq.read_table(path, columns=["text"], partitioning=None).column("text").to_pylist()
        same = sum(any(words(text)[skip:] in expected for skip in (0, 1)) for text in read)
        print(f"{name:15} {len(read):3} documents, {same:3} with the words that went in")


if __name__ == "__main__":
    main()
