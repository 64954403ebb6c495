import gzip
import io
import re
import subprocess
import zlib

import pytest

from massivetext.pipeline.read import text
from massivetext.pipeline.read.formats import pdf as pdf_reader
from massivetext.pipeline.read.formats.pdf_text import SCANNED
from massivetext.pipeline.read.record import Failure, Found, Input, Record, Skipped
from massivetext.pipeline.read.settings import Limits

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
IMAGE = zlib.compress(bytes(100 * 100))
LONG = "The tide mill at the mouth of the creek was built by three brothers who had never"
WRAPPED = [LONG, "seen the sea before.", "", "Next."]


def pdf(*pages: list[str] | None, title: str = "") -> bytes:
    """A PDF of pages that hold lines of text, or (None) an image alone."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", FONT]
    objects.append(
        b"<< /Type /XObject /Subtype /Image /Width 100 /Height 100 /ColorSpace /DeviceGray /BitsPerComponent 8"
        b" /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(IMAGE), IMAGE)
    )
    objects.append(b"<< /Title (%s) >>" % title.encode("cp1252"))
    kids = []
    for lines in pages:
        drawn = b"q 500 0 0 700 50 50 cm /I Do Q" if lines is None else _drawn(lines)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R"
            b" /Resources << /Font << /F 3 0 R >> /XObject << /I 4 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, at = len(objects) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\n" % (
        size,
        table,
        size,
    )
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % at)


def _drawn(lines: list[str]) -> bytes:
    shown = (line.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)") for line in lines)
    return b"BT /F 10 Tf 12 TL 50 750 Td " + b" ".join(b"(%s) Tj T*" % line for line in shown) + b" ET"


def read(data: bytes, limits: Limits | None = None) -> list[Found]:
    return list(text.read(Input("a.pdf", io.BytesIO(data), limits or Limits())))


def test_lines_of_a_paragraph_are_joined() -> None:
    assert read(pdf(WRAPPED, ["Naïve page two."], title="The Mill")) == [
        Record(0, f"{LONG} seen the sea before.\nNext.\n\nNaïve page two.", None, "The Mill")
    ]
    assert read(gzip.compress(pdf(["One."]))) == [Record(0, "One.")]


def test_items_of_a_list_begin_lines() -> None:
    (record,) = read(pdf([LONG, "1. first", "(b) second"]))
    assert isinstance(record, Record)
    assert record.text.split("\n") == [LONG, "1. first", "(b) second"]


def test_scanned_pages_are_counted() -> None:
    assert read(pdf(None, ["Text."], None)) == [Skipped(SCANNED), Skipped(SCANNED), Record(0, "Text.")]
    *skipped, failure = read(pdf(None, None))
    assert skipped == [Skipped(SCANNED)] * 2
    assert isinstance(failure, Failure)
    assert failure.error == "a PDF of 2 pages, 2 of them scanned, which hold no text"


@pytest.mark.parametrize("cut", [5, 9, 100, 400])
def test_a_truncated_file_is_a_failure(cut: int) -> None:
    (failure,) = read(pdf(WRAPPED)[:cut])
    assert isinstance(failure, Failure)
    assert failure.error.startswith(("the PDF is broken", "a PDF of "))


def test_a_long_file_is_a_failure() -> None:
    (failure,) = read(pdf(WRAPPED), Limits(record_bytes=100))
    assert isinstance(failure, Failure)
    assert failure.error == "the PDF takes more than 100 bytes (limits.record_bytes)"


CRASH = """\
import os, signal, sys, time
from massivetext.pipeline.read.formats import pdf_text

def parse(content, limit):
    if b"(crash)" in content:
        os.kill(os.getpid(), signal.SIGSEGV)
    while b"(slow)" in content:
        pass
    while b"(hangs)" in content:
        time.sleep(1)
    if b"(bomb)" in content:
        bytearray(64 << 30)
    return found(content, limit)

found, pdf_text.parse = pdf_text.parse, parse
pdf_text.main()
"""


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("crash", r"PDFium crashed or ran out of memory as it read the PDF \(SIGSEGV\)"),
        ("slow", "the PDF takes more than 1 seconds of a core to read"),
        ("hangs", "the PDF takes more than 2 seconds to read"),
        ("bomb", r"PDFium crashed or ran out of memory as it read the PDF \(status 1\)"),
    ],
)
def test_a_pdf_that_pdfium_cannot_bear_fails_alone(
    title: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next is read by a new process."""
    start = subprocess.Popen

    def started(command: list[str], **options: object) -> object:
        return start([command[0], "-c", CRASH], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", started)
    monkeypatch.setattr(pdf_reader, "SECONDS", 1 if title != "bomb" else 60)
    monkeypatch.setattr(pdf_reader, "PATIENCE", 2 if title == "hangs" else 60)
    pdf_reader._reader.cache_clear()
    good = pdf(WRAPPED)
    [failure] = read(pdf(WRAPPED, title=title))
    assert isinstance(failure, Failure)
    assert re.fullmatch(said, failure.error)
    [record] = read(good)
    assert isinstance(record, Record)
    pdf_reader._reader.cache_clear()
