"""EPUB 2 and 3: the chapters of a book in reading order, as text, without what its publisher says of the edition."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple
from urllib.parse import unquote

from lxml import etree

from massivetext.pipeline.read.formats import html
from massivetext.pipeline.read.formats.archive import CorruptError, open_zip, read_zip_member
from massivetext.pipeline.read.formats.charset import decode_page
from massivetext.pipeline.read.record import Failure
from massivetext.pipeline.read.settings import Limits

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
FONT_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # obfuscated fonts
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
CHAPTER_TYPES = ("application/xhtml+xml", "text/html")
# To an HTML parser, `<title/>` opens a title that swallows the page.
SELF_CLOSED = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)([a-zA-Z][\w:-]*)"
    r"((?:\s[^<>]*)?)/>"
)
# EPUB's names (Structural Semantics Vocabulary 1.1) for a publisher's pages, as in those of Standard Ebooks.
PUBLISHERS = frozenset({"titlepage", "imprint", "copyright-page", "colophon"})
OPENING = re.compile(r"<body\b[^<>]*>\s*(?P<section><section\b[^<>]*>)?")
CLOSING = re.compile(r"</section>\s*</body>\s*</html>\s*\Z")
TYPES = re.compile(r"""\sepub:type\s*=\s*["']([^"'<>]*)""")


class Book(NamedTuple):
    """A book's text, chapters separated by blank lines, and what its package document says of it."""

    text: str
    title: str | None
    author: str | None


def extract(stream: BinaryIO, limits: Limits) -> Book:
    """Raises CorruptError, with the reason, where the file is no EPUB or any chapter cannot be read."""
    with open_zip(stream) as archive:
        package_path = _package_path(archive, limits)
        package = _xml(_member(archive, package_path, limits), package_path)
        size, chapters = 0, []
        for path in _spine(package, posixpath.dirname(package_path)):
            content = _member(archive, path, limits)
            size += len(content)
            if size > limits.record_bytes:
                raise CorruptError(f"the chapters take more than {limits.record_bytes} bytes")
            chapters.append(_chapter(content, path))
    text = "\n\n".join(chapter for chapter in chapters if chapter)
    return Book(text, _metadata(package, "title"), _metadata(package, "creator"))


def _package_path(archive: zipfile.ZipFile, limits: Limits) -> str:
    container = _xml(_member(archive, CONTAINER, limits), CONTAINER)
    if ENCRYPTION in archive.namelist():
        encryption = _xml(_member(archive, ENCRYPTION, limits), ENCRYPTION)
        methods = encryption.iterfind(".//{*}EncryptedData/{*}EncryptionMethod")
        if not all(method.get("Algorithm", "").startswith(FONT_ONLY) for method in methods):
            raise CorruptError("the book is encrypted")
    root = container.find(".//{*}rootfile")
    if root is None or not (path := root.get("full-path")):
        raise CorruptError(f"{CONTAINER} names no package document")
    return path


def _spine(package: etree._Element, folder: str) -> Iterator[str]:
    """The paths of the chapters in reading order, without navigation and what the order leaves out."""
    items = {item.get("id"): item for item in package.iterfind("{*}manifest/{*}item")}
    for reference in package.iterfind("{*}spine/{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or reference.get("linear") == "no" or "nav" in item.get("properties", "").split():
            continue
        if item.get("media-type") in CHAPTER_TYPES:
            yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))


def _metadata(package: etree._Element, field: str) -> str | None:
    """The first value of a Dublin Core field, None where there is none."""
    return " ".join(package.findtext(f"{{*}}metadata//{{{DUBLIN_CORE}}}{field}", "").split()) or None


def _member(archive: zipfile.ZipFile, path: str, limits: Limits) -> bytes:
    try:
        info = archive.getinfo(path)
    except KeyError:
        raise CorruptError(f"the book has no {path}") from None
    content = read_zip_member(archive, info, limits)
    if isinstance(content, Failure):
        raise CorruptError(content.error)
    return content


def _xml(content: bytes, path: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise CorruptError(f"{path}: {error}") from None


def _chapter(content: bytes, path: str) -> str:
    page = SELF_CLOSED.sub(r"<\1\2></\1>", decode_page(content).text)
    if _is_publishers(page):
        return ""
    try:
        return html.extract_all(page)
    except html.LongPageError as error:
        raise CorruptError(f"{path}: {error}") from None


def _is_publishers(page: str) -> bool:
    """Whether all of a chapter is a page of the publisher's: its body, or the one section in it, is of that type."""
    opening = OPENING.search(page)
    if opening is None or (opening["section"] and (page.count("<section") > 1 or not CLOSING.search(page))):
        return False
    types = {name for found in TYPES.findall(opening[0]) for name in found.split()}
    return not types.isdisjoint(PUBLISHERS)
