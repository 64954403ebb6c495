"""Good files of every format, from which tests of bad input make theirs; and a measure of what reading one takes.

As a program it reads a file and prints, as JSON, what was found and the most memory that was held:
python -m tests.pipeline.read.bad_input KIND PATH
"""

import csv
import gzip
import io
import json
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa
import pyarrow.parquet as pq

from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.record import Failure, Found, Input, Record

Make = Callable[[list[str]], bytes]


class Form(NamedTuple):
    """A format: the kind that reads it, a file's name, and what makes a file of texts, each a record if `is_table`."""

    kind: str
    name: str
    make: Make
    is_table: bool = True
    is_characters: bool = True  # whether it is text, which may stand in another encoding


def delimited(delimiter: str) -> Make:
    def make(texts: list[str]) -> bytes:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter).writerows([["id", "text"], *enumerate(texts)])
        return out.getvalue().encode()

    return make


def zipped(members: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(texts: list[str]) -> bytes:
    space = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
    body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in texts)
    return zipped({"word/document.xml": f"<w:document {space}><w:body>{body}</w:body></w:document>"})


def odt(texts: list[str]) -> bytes:
    names = "urn:oasis:names:tc:opendocument:xmlns"
    body = "".join(f"<text:p>{escape(text)}</text:p>" for text in texts)
    spaces = f"xmlns:office='{names}:office:1.0' xmlns:text='{names}:text:1.0'"
    content = (
        f"<office:document-content {spaces}><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    return zipped({"META-INF/manifest.xml": "<m/>", "content.xml": content})


def epub(texts: list[str]) -> bytes:
    container = (
        "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles>"
        "<rootfile full-path='p.opf'/></rootfiles></container>"
    )
    package = (
        "<package xmlns='http://www.idpf.org/2007/opf'><manifest><item id='a' href='a.xhtml' "
        "media-type='application/xhtml+xml'/></manifest><spine><itemref idref='a'/></spine></package>"
    )
    return zipped({"META-INF/container.xml": container, "p.opf": package, "a.xhtml": page(texts).decode()})


def page(texts: list[str]) -> bytes:
    body = "".join(f"<p>{escape(text)}</p>" for text in texts)
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{body}</body></html>".encode()


def tei(texts: list[str]) -> bytes:
    body = "".join(f"<p>{escape(text)}</p>" for text in texts)
    return f"<TEI xmlns='http://www.tei-c.org/ns/1.0'><text><body>{body}</body></text></TEI>".encode()


def pdf(texts: list[str]) -> bytes:
    from tests.pipeline.read.formats.test_pdf import pdf as written

    return written([text.encode("cp1252", "replace").decode("cp1252") for text in texts])


def posts(texts: list[str]) -> bytes:
    rows = "".join(
        f"<row Id='{n}' PostTypeId='1' Title='t' Body={quoteattr(f'<p>{escape(text)}</p>')} />\n"
        for n, text in enumerate(texts, 1)
    )
    return f"<?xml version='1.0' encoding='utf-8'?>\n<posts>\n{rows}</posts>".encode()


def dump(texts: list[str]) -> bytes:
    pages = "".join(
        f"<page><title>T{n}</title><ns>0</ns><id>{n}</id><revision><text>{escape(text)}</text></revision></page>\n"
        for n, text in enumerate(texts, 1)
    )
    return f"<mediawiki xml:lang='en'>\n{pages}</mediawiki>".encode()


def warc(texts: list[str]) -> bytes:
    found = b""
    for text in texts:
        body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page([text])
        found += (
            b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n"
            % (len(body))
        )
        found += body + b"\r\n\r\n"
    return found


def latex(texts: list[str]) -> bytes:
    body = "\n\n".join(texts)
    return f"\\documentclass{{article}}\n\\begin{{document}}\n{body}\n\\end{{document}}\n".encode()


def repository(texts: list[str]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for n, text in enumerate(texts):
            content = f"# {text}\nprint({n})\n".encode()
            member = tarfile.TarInfo(f"repo/a{n}.py")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def parquet(**columns: list[object]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, row_group_size=1)
    return out.getvalue()


def stack(texts: list[str]) -> bytes:
    return parquet(content=list(texts), path=[f"a{n}.py" for n in range(len(texts))])


def json_lines(texts: list[str]) -> bytes:
    return b"".join(json.dumps({"text": text}, ensure_ascii=False).encode() + b"\n" for text in texts)


def json_array(texts: list[str]) -> bytes:
    return json.dumps([{"text": text} for text in texts], ensure_ascii=False).encode()


def zipped_lines(texts: list[str]) -> bytes:
    return gzip.compress(json_lines(texts), mtime=0)


def zipped_archive(texts: list[str]) -> bytes:
    return b"".join(gzip.compress(warc([text]), mtime=0) for text in texts)


FORMS: dict[str, Form] = {
    "csv": Form("text", "a.csv", delimited(",")),
    "tsv": Form("text", "a.tsv", delimited("\t")),
    "jsonl": Form("text", "a.jsonl", json_lines),
    "json": Form("text", "a.json", json_array),
    "parquet": Form("text", "a.parquet", lambda texts: parquet(text=list(texts)), is_characters=False),
    "txt": Form("text", "a.txt", lambda texts: "\n\n".join(texts).encode(), is_table=False),
    "pdf": Form("text", "a.pdf", pdf, is_table=False, is_characters=False),
    "docx": Form("text", "a.docx", docx, is_table=False, is_characters=False),
    "odt": Form("text", "a.odt", odt, is_table=False, is_characters=False),
    "html": Form("books", "a.html", page, is_table=False),
    "epub": Form("books", "a.epub", epub, is_table=False, is_characters=False),
    "tei": Form("books", "a.xml", tei, is_table=False),
    "stackexchange": Form("stackexchange", "Posts.xml", posts),
    "wikipedia": Form("wikipedia", "dump.xml", dump),
    "warc": Form("web", "a.warc", warc, is_characters=False),
    "latex": Form("latex", "a.tex", latex, is_table=False),
    "repository": Form("code", "a.tar", repository, is_characters=False),
    "stack": Form("code", "a.parquet", stack, is_characters=False),
    "jsonl.gz": Form("text", "a.jsonl.gz", zipped_lines, is_characters=False),
    "warc.gz": Form("web", "a.warc.gz", zipped_archive, is_characters=False),
}  # fmt: skip


def read(kind: str, name: str, content: bytes) -> list[Found]:
    return list(KINDS[kind].read(Input(name, io.BytesIO(content))))


def main() -> None:
    """Read a file; print its records' sizes, its failures, and the bytes of memory that reading it added."""
    kind, path = sys.argv[1], Path(sys.argv[2])
    form = next(form for form in FORMS.values() if form.kind == kind and form.name == path.name)
    read(kind, form.name, form.make(["Some words."]))  # imports and loads what is needed
    Path("/proc/self/clear_refs").write_text("5")  # forget the most that was held so far
    before = _memory("VmRSS")
    sizes, failures = [], []
    with path.open("rb") as stream:
        for found in KINDS[kind].read(Input(path.name, stream)):
            if isinstance(found, Record):
                sizes.append(len(found.text))
            elif isinstance(found, Failure):
                failures.append(found.error[:300])
    print(json.dumps({"records": sizes, "failures": failures, "memory": _memory("VmHWM") - before}))


def _memory(name: str) -> int:
    """A figure of /proc/self/status, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    main()
