"""Reads Word documents (DOCX) and OpenDocument texts (ODT): paragraphs, headings, lists and tables in order.

Blank lines separate paragraphs, and tabs the cells of a table's row. Left out are deletions under change tracking,
comments, notes, headers, footers and drawings. Offset: 0.
"""

from collections.abc import Iterator
from zipfile import ZipFile

from lxml import etree

from massivetext.pipeline.read.formats.archive import CorruptError, open_zip, read_zip_member
from massivetext.pipeline.read.record import Failure, Input, Record

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

PARAGRAPHS = {W + "p", TEXT + "p", TEXT + "h"}
CELLS = {W + "tc", TABLE + "table-cell"}
ROWS = {W + "tr", TABLE + "table-row"}
LEFT_OUT = {
    W + "del", W + "moveFrom", W + "instrText", W + "pPr", W + "rPr", W + "sectPr", W + "delText", ALTERNATIVE,
    TEXT + "tracked-changes", TEXT + "note", TEXT + "sequence-decls", TEXT + "bookmark-ref",
    OFFICE + "annotation", OFFICE + "forms", OFFICE + "binary-data",
}  # fmt: skip
SPACES = {
    W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-",
    TEXT + "tab": "\t", TEXT + "line-break": "\n", TEXT + "s": " ",
}  # fmt: skip
MOST_SPACES = 100  # the most spaces that one element of an ODT may represent


def read_docx(source: Input) -> Iterator[Record | Failure]:
    """Yields the text of a Word document as one document."""
    yield _read(source, "word/document.xml", "docProps/core.xml")


def read_odt(source: Input) -> Iterator[Record | Failure]:
    """Yields the text of an OpenDocument text as one document."""
    yield _read(source, "content.xml", "meta.xml")


def _read(source: Input, body: str, properties: str) -> Record | Failure:
    try:
        with open_zip(source.stream) as archive:
            text = "\n\n".join(_blocks(_xml(archive, body, source)))
            title = _title(archive, properties, source)
    except CorruptError as error:
        return Failure(0, str(error))
    return Record(0, text, None, title) if text else Failure(0, "the document holds no text")


def _xml(archive: ZipFile, name: str, source: Input) -> etree._Element:
    try:
        content = read_zip_member(archive, archive.getinfo(name), source.limits)
        if isinstance(content, Failure):
            raise CorruptError(content.error)
        parser = etree.XMLParser(
            resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True
        )
        return etree.fromstring(content, parser)
    except KeyError:
        raise CorruptError(f"the document has no {name}") from None
    except etree.XMLSyntaxError as error:
        raise CorruptError(f"{name}: {error}") from None


def _title(archive: ZipFile, name: str, source: Input) -> str | None:
    """Returns the title in the document's properties; None without one."""
    try:
        found = _xml(archive, name, source).findtext(f".//{DUBLIN_CORE}title", "")
    except CorruptError:
        return None
    return " ".join(found.split()) or None


def _blocks(root: etree._Element) -> Iterator[str]:
    """Yields paragraphs and rows of tables."""
    for element in _outermost(root, PARAGRAPHS | ROWS):
        if element.tag in ROWS:
            cells = (" ".join(_paragraphs(cell)) for cell in _outermost(element, CELLS))
            text = "\t".join(cells).strip()
        else:
            text = _inline(element).strip()
        if text:
            yield text


def _paragraphs(cell: etree._Element) -> Iterator[str]:
    return (_inline(paragraph).strip() for paragraph in _outermost(cell, PARAGRAPHS))


def _outermost(root: etree._Element, tags: set[str]) -> Iterator[etree._Element]:
    """Yields the outermost elements with these tags below `root`, in order."""
    stack = list(reversed(root))
    while stack:
        element = stack.pop()
        if element.tag in tags:
            yield element
        elif element.tag not in LEFT_OUT:
            stack.extend(reversed(element))


def _inline(paragraph: etree._Element) -> str:
    """Returns the characters of a paragraph. Word writes them in `w:t`, OpenDocument directly."""
    is_word = paragraph.tag.startswith(W)
    parts: list[str] = []
    stack: list[etree._Element | str] = [paragraph]
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            parts.append(element)
            continue
        if element.tag not in LEFT_OUT:
            if space := SPACES.get(element.tag):
                parts.append(space * min(_count(element), MOST_SPACES))
            elif element.text and (not is_word or element.tag == W + "t"):
                parts.append(element.text)
            for child in reversed(element):
                stack += [] if is_word or not child.tail else [child.tail]
                stack.append(child)
    return "".join(parts)


def _count(element: etree._Element) -> int:
    stated = element.get(TEXT + "c", "1")
    return int(stated) if stated.isdecimal() and len(stated) < 4 else 1
