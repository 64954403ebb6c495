"""PDF files as text, by PDFium: born-digital pages in reading order, lines of a paragraph joined.

A page that shows images and holds no text is a scan. It is Skipped and counted: no text is guessed. Offset: 0.
"""

import re
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from massivetext.pipeline.read.formats.decompress import BrokenError, Decompressed
from massivetext.pipeline.read.formats.whole_text import whole
from massivetext.pipeline.read.record import Failure, Found, Input, Record, Skipped

SCANNED = "scanned page of a PDF"
HYPHEN = re.compile(
    "[\x02\ufffe\u00ad]\\s*\n\\s*"
)  # PDFium's sign of a hyphen that breaks a word at a line's end
UNSEEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
FULL = 0.75  # of a page's long lines: a line that is shorter ends its paragraph
LEADERS = re.compile(r"(?:[ \t]?\.){4,}[ \t]*")  # dots that lead to the number of a page
NEW_ITEM = re.compile(r"\s*(?:[•‣◦●○■□▪▫*\-–—]\s|\(?\w{1,3}[.)]\s)")


def read(source: Input) -> Iterator[Found]:
    """The text of a PDF as one document."""
    try:
        content = whole(Decompressed(source.stream, source.limits), source.limits.record_bytes)
    except BrokenError as error:
        yield Failure(0, str(error))
        return
    if content is None:
        yield Failure(0, f"the PDF takes more than {source.limits.record_bytes} bytes (limits.record_bytes)")
        return
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        reason = "encrypted: it needs a password" if "assword" in str(error) else f"broken: {error}"
        yield Failure(0, f"the PDF is {reason}", len(content))
        return
    try:
        yield from _document(document, len(content), source.limits.record_bytes)
    finally:
        document.close()


def _document(document: pypdfium2.PdfDocument, size: int, limit: int) -> Iterator[Found]:
    pages, scanned, unread, length = [], 0, [], 0
    for number in range(len(document)):
        try:
            page = document[number]
            text = _text(page)
            scanned += not text and _shows_image(page)
            page.close()
        except pypdfium2.PdfiumError as error:
            unread.append(f"page {number + 1}: {error}")
            continue
        length += len(text)
        if length > limit:
            yield Failure(0, f"the text takes more than {limit} characters (limits.record_bytes)", size)
            return
        pages.append(text)
    for _ in range(scanned):
        yield Skipped(SCANNED)
    text = "\n\n".join(page for page in pages if page)
    if not text:
        of_them = f", {scanned} of them scanned" if scanned else ""
        yield Failure(0, f"a PDF of {len(document)} pages{of_them}, which hold no text", size)
        return
    title = " ".join(document.get_metadata_value("Title").split()) or None
    yield Record(0, text, None, title)
    if unread:
        yield Failure(1, f"a PDF of which {len(unread)} pages could not be read: {unread[0]}", size)


def _text(page: pypdfium2.PdfPage) -> str:
    """The page's text; lines that fill the page's width are joined to the next, in one paragraph."""
    textpage = page.get_textpage()
    try:
        raw = textpage.get_text_range(errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    finally:
        textpage.close()
    lines = [UNSEEN.sub("", line).strip() for line in HYPHEN.sub("", raw).split("\n")]
    lengths = sorted(len(line) for line in lines if line)
    if not lengths:
        return ""
    full = FULL * lengths[len(lengths) * 9 // 10]
    parts: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        goes_on = len(line) >= full and following and not NEW_ITEM.match(following)
        parts += [LEADERS.sub(" ", line), " " if goes_on else "\n"]
    return "".join(parts).strip()


def _shows_image(page: pypdfium2.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
