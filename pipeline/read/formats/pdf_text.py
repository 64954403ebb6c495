"""The text of PDF files, by PDFium: born-digital pages in reading order, lines of a paragraph joined.

A page that shows images and holds no text is a scan. It is Skipped and counted: no text is guessed. Offset: 0.

PDFium is a large program in C++, and its input is anybody's. So this module runs in a process of its own, which
pipeline.read.formats.pdf starts: it reads PDFs from standard input and answers each on standard output.
"""

import re
import resource
import sys
import time
from collections.abc import Iterator

import orjson
import pypdfium2
import pypdfium2.raw as pdfium

from massivetext.pipeline.read.record import Failure, Found, Record, Skipped

SCANNED = "scanned page of a PDF"
HYPHEN = re.compile(
    "[\x02\ufffe\u00ad]\\s*\n\\s*"
)  # PDFium's sign of a hyphen that breaks a word at a line's end
UNSEEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
FULL = 0.75  # of a page's long lines: a line that is shorter ends its paragraph
LEADERS = re.compile(r"(?:[ \t]?\.){4,}[ \t]*")  # dots that lead to the number of a page
NEW_ITEM = re.compile(r"\s*(?:[•‣◦●○■□▪▫*\-–—]\s|\(?\w{1,3}[.)]\s)")


MEMORY = 4 << 30  # bytes of address space, beside three times the file's and six times the text's limit


def main() -> None:
    """Answer PDFs: before each stand its bytes, the characters of text it may have, and the seconds it may take."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while header := sys.stdin.buffer.read(24):
        size, limit, seconds = (int.from_bytes(header[at : at + 8], "little") for at in (0, 8, 16))
        content = sys.stdin.buffer.read(size)
        _limit(resource.RLIMIT_CPU, int(time.process_time()) + seconds + 1)
        _limit(resource.RLIMIT_AS, MEMORY + 3 * size + 6 * limit)
        answer = orjson.dumps([(type(each).__name__, each) for each in parse(content, limit)], default=list)
        sys.stdout.buffer.write(len(answer).to_bytes(8, "little") + answer)
        sys.stdout.buffer.flush()


def _limit(what: int, wanted: int) -> None:
    _, most = resource.getrlimit(what)
    resource.setrlimit(what, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


def parse(content: bytes, limit: int) -> Iterator[Found]:
    """The text of a PDF as one document, of at most `limit` characters."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        reason = "encrypted: it needs a password" if "assword" in str(error) else f"broken: {error}"
        yield Failure(0, f"the PDF is {reason}", len(content))
        return
    try:
        yield from _document(document, len(content), limit)
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


if __name__ == "__main__":
    main()
