"""Seeds of the fuzzer: small real inputs of each reader, whole and compressed.

What the registry of readers calls `text` is fuzzed as `text` (JSON lines) and as `parquet`: their formats
have nothing in common.
"""

import bz2
import gzip
import hashlib
import io
import lzma
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import lz4.frame
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from massivetext.pipeline.read.formats.decompress import Decompressed
from tests.paths import ROOT

SAMPLE = ROOT / "pipeline" / "sample"
SMALL = 1 << 13  # bytes: libFuzzer gets far with small inputs only
TEI = """<TEI><teiHeader><fileDesc><titleStmt><title>T</title></titleStmt></fileDesc></teiHeader><text><body><div>
<head>I</head><p>One<note>2</note></p><lg><l>a</l><l>b</l></lg></div></body></text></TEI>"""
JATS = """<!DOCTYPE article SYSTEM "a.dtd"><article><front><article-meta><title-group><article-title>A</article-title>
</title-group></article-meta></front><body><sec><title>S</title><p>One&nbsp;two</p><list><list-item><p>c</p></list-item>
</list></sec></body></article>"""
KINDS = ("web", "text", "parquet", "books", "code", "wikipedia", "news")


def write_seeds(folder: Path, shared: Path) -> None:
    """Writes FOLDER/KIND/...; what is not beside the checkout is left out."""
    for kind in KINDS:
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for seed in _SEEDS[kind](shared):
            (folder / kind / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)


def _opened(path: Path, size: int) -> bytes:
    with path.open("rb") as stream:
        return Decompressed(stream).read(size) or b""


def _packed(plain: bytes) -> Iterator[bytes]:
    half = len(plain) // 2
    yield plain
    yield gzip.compress(plain[:half]) + gzip.compress(plain[half:])
    yield zstandard.compress(plain)
    yield bz2.compress(plain)
    yield lzma.compress(plain)
    yield lz4.frame.compress(plain)


def _web(shared: Path) -> Iterator[bytes]:
    for path in sorted((shared / "web/robustness").glob("*")):
        yield path.read_bytes()
        yield _opened(path, 4 * SMALL)
    for path in sorted((SAMPLE / "web").glob("*")):
        yield from _packed(_opened(path, SMALL))


def _lines() -> bytes:
    documents = [
        {"text": f"Text {n}, naïve.", "url": f"http://a.example/{n}", "meta": {"x": [1, 2.5, None, True]}}
        for n in range(12)
    ]
    return b"".join(orjson.dumps(each) + b"\n" for each in documents)


def _text(_: Path) -> Iterator[bytes]:
    yield from _packed(_lines())
    for folder in ("c4", "news", "text"):
        for path in sorted((SAMPLE / folder).glob("*")):
            yield _opened(path, SMALL)


def _parquet(_: Path) -> Iterator[bytes]:
    strings = pa.array([f"Text {n % 40}, naïve" for n in range(90)])
    for codec in ("none", "snappy", "gzip", "zstd", "lz4", "brotli"):
        for dictionary in (True, False):
            table = pa.table({"text": strings, "url": ["u"] * 90, "meta": [{"title": "t"}] * 90})
            stream = io.BytesIO()
            pq.write_table(
                table, stream, compression=codec, row_group_size=45, use_dictionary=dictionary, version="2.6"
            )
            yield stream.getvalue()


def _books(shared: Path) -> Iterator[bytes]:
    for path in sorted([*(SAMPLE / "books").glob("*"), *(shared / "books").glob("*.txt")]):
        content = path.read_bytes()
        if content.startswith(b"PK"):
            yield from [content] if len(content) < 8 * SMALL else []
        else:
            yield content[:SMALL] + content[-SMALL:]
    text = "Title: A\n*** START OF THE PROJECT GUTENBERG EBOOK A ***\nnaïve\n*** END OF THE PROJECT GUTENBERG"
    for encoding in ("utf-8-sig", "utf-16", "utf-32", "latin-1"):
        yield text.encode(encoding)
    yield from _packed(text.encode())
    yield TEI.encode()
    yield JATS.encode("utf-16")
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield _epub(method)


def _epub(method: int) -> bytes:
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>',
        "a.opf": (
            '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>T</dc:title></metadata>'
            '<manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="c"/></spine></package>'
        ),
        "c.xhtml": "<html><head><title/></head><body><h1>One</h1><p>Text &amp; more.</p></body></html>",
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _code(_: Path) -> Iterator[bytes]:
    files = {
        "r/LICENSE": "Licensed under the MIT license\n",
        "r/package.json": '{"license": "MIT"}',
        "r/a.py": "# SPDX-License-Identifier: MIT\nprint(1)\n",
        "r/vendor/b.c": "int x;\n",
        "r/c.js": "var a=1;",
        "r/debian/copyright": "Format: x\n\nFiles: *\nLicense: Expat\n",
        "r/n.ipynb": '{"cells": [{"cell_type": "code", "source": ["a = 1"]}], "nbformat": 4, "metadata": {}}',
    }
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
            for name, content in files.items():
                header = tarfile.TarInfo(name if form == tarfile.PAX_FORMAT else name + "x" * 120)
                header.size = len(content)
                archive.addfile(header, io.BytesIO(content.encode()))
        yield from _packed(stream.getvalue())
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", method) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        yield stream.getvalue()


def _wikipedia(shared: Path) -> Iterator[bytes]:
    for path in sorted([*(SAMPLE / "wikipedia").glob("*"), *(shared / "wiki").glob("*")]):
        head = _opened(path, 8 * SMALL)
        at = head.find(b"<page>")
        yield head[:SMALL]
        yield head[:at][-SMALL:] + head[at : at + SMALL]
        if not head.startswith((b"\xff\xfe", b"\xfe\xff")):
            yield b"<mediawiki>" + head[at : at + SMALL]
            yield from _packed(b"<mediawiki>" + head[at : at + 1024])


def _news(shared: Path) -> Iterator[bytes]:
    yield from _packed(_lines())
    yield from list(_parquet(shared))[:2]
    for path in sorted((shared / "web/robustness").glob("*"))[:3]:
        yield _opened(path, SMALL)


_SEEDS = {
    "web": _web,
    "text": _text,
    "parquet": _parquet,
    "books": _books,
    "code": _code,
    "wikipedia": _wikipedia,
    "news": _news,
}
