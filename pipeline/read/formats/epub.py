"""EPUB 2 and 3: reads the chapters of a book in reading order, as text, without the publisher's pages about the
edition."""

import posixpath
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from massivetext.filters.html.style import PLAIN, Style
from massivetext.pipeline.read.formats import html
from massivetext.pipeline.read.formats.archive import CorruptError, read_zip_member
from massivetext.pipeline.read.formats.charset import decode_page, decode_text
from massivetext.pipeline.read.record import Failure
from massivetext.pipeline.read.settings import Limits

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
FONT_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # obfuscated fonts
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
# Of EPUB 3, OPF 2.0, OEB 1 and what programs write in their place.
CHAPTER_TYPES = frozenset(
    {
        "application/xhtml+xml",
        "text/html",
        "text/x-oeb1-document",
        "application/x-dtbook+xml",
        "application/xml",
        "text/xml",
        "text/plain",
    }
)
PICTURES = ("image/", "audio/", "video/")
SIGN_OF_CHAPTER = re.compile(rb"<(?:html|body|dtbook|p|div)\b", re.IGNORECASE)
SNIFFED = 4096  # the bytes in which an item of an unknown type must look like a chapter
# To an HTML parser, `<title/>` opens a title that swallows the page.
SELF_CLOSED = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)([a-zA-Z][\w:-]*)"
    r"((?:\s[^<>]*)?)/>"
)
VERSE_END = re.compile(r"</line\s*>")  # of DTBook; HTML has no such element
# EPUB's names (Structural Semantics Vocabulary 1.1) for a publisher's pages, as in those of Standard Ebooks.
PUBLISHERS = frozenset({"titlepage", "imprint", "copyright-page", "colophon"})
OPENING = re.compile(r"<body\b[^<>]*>\s*(?P<section><section\b[^<>]*>)?")
CLOSING = re.compile(r"</section>\s*</body>\s*</html>\s*\Z")
TYPES = re.compile(r"""\sepub:type\s*=\s*["']([^"'<>]*)""")


class Book(NamedTuple):
    """A book: its text (blank lines separate chapters), title and author, and why each lost chapter could not be
    read."""

    text: str
    title: str | None
    author: str | None
    lost: list[str]


class Item(NamedTuple):
    """A chapter in the package document: its path in the archive, and its media type in lower case."""

    path: str
    media_type: str


def is_epub(archive: zipfile.ZipFile) -> bool:
    """Whether a zip archive names the package document of an EPUB."""
    return any(name.lower() == CONTAINER.lower() for name in archive.namelist())


def extract(archive: zipfile.ZipFile, limits: Limits, style: Style = PLAIN) -> Book:
    """Returns the book. `lost` names each chapter that cannot be read. Raises CorruptError if none can."""
    members = Members(archive, limits)
    package_path = _package_path(members)
    package = _xml(members.read(package_path), package_path)
    size, chapters, lost = 0, [], []
    for item in _spine(package, posixpath.dirname(package_path)):
        try:
            content = members.read(item.path)
            size += len(content)
            if size > limits.record_bytes:
                raise TooLongError(f"the chapters take more than {limits.record_bytes} bytes")
            chapters.append(_chapter(content, item, style))
        except TooLongError:
            raise
        except CorruptError as error:
            lost.append(str(error))
    if lost and not any(chapters):
        raise CorruptError("; ".join(lost))
    text = "\n\n".join(chapter for chapter in chapters if chapter)
    return Book(text, _metadata(package, "title"), _metadata(package, "creator"), lost)


class TooLongError(CorruptError):
    """A book is over the limit of a record."""


class Members:
    """The files of an archive by their paths. A path without a file is looked for in any case and any form of
    Unicode."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive, self._limits = archive, limits
        self._paths = {_plain(info.filename): info for info in reversed(archive.infolist())}

    def __contains__(self, path: str) -> bool:
        return _plain(path) in self._paths

    def read(self, path: str) -> bytes:
        """Read a file. Raises CorruptError if there is none, or if it cannot be read."""
        try:
            info = self._archive.getinfo(path)
        except KeyError:
            if not (found := self._paths.get(_plain(path))):
                raise CorruptError(f"the book has no {path}") from None
            info = found
        content = read_zip_member(self._archive, info, self._limits)
        if isinstance(content, Failure):
            raise CorruptError(content.error)
        return content


def _plain(path: str) -> str:
    return unicodedata.normalize("NFC", path.replace("\\", "/").lstrip("/")).casefold()


def _package_path(members: Members) -> str:
    container = _xml(members.read(CONTAINER), CONTAINER)
    if ENCRYPTION in members:
        encryption = _xml(members.read(ENCRYPTION), ENCRYPTION)
        methods = encryption.iterfind(".//{*}EncryptedData/{*}EncryptionMethod")
        if not all(method.get("Algorithm", "").startswith(FONT_ONLY) for method in methods):
            raise CorruptError("the book is encrypted")
    root = container.find(".//{*}rootfile")
    if root is None or not (path := root.get("full-path")):
        raise CorruptError(f"{CONTAINER} names no package document")
    return path


def _spine(package: etree._Element, folder: str) -> Iterator[Item]:
    """Returns the chapters in reading order, without navigation, pictures and items that are not in the order."""
    items = {item.get("id"): item for item in package.iterfind("{*}manifest/{*}item")}
    for reference in package.iterfind("{*}spine/{*}itemref"):
        name = reference.get("idref")
        item = items.get(name)
        if reference.get("linear") == "no":
            continue
        if item is None:
            yield Item(f"{name} (an item of the reading order that the manifest does not have)", "")
            continue
        seen: set[str | None] = set()
        while _media_type(item) not in CHAPTER_TYPES and (other := item.get("fallback")) in items:
            if other in seen:
                break
            seen.add(other)
            item = items[other]
        if "nav" in item.get("properties", "").split() or _media_type(item).startswith(PICTURES):
            continue
        href = unquote(item.get("href", "").partition("#")[0]).replace("\\", "/")
        yield Item(posixpath.normpath(posixpath.join(folder, href)), _media_type(item))


def _media_type(item: etree._Element) -> str:
    return item.get("media-type", "").partition(";")[0].strip().lower()


def _metadata(package: etree._Element, field: str) -> str | None:
    """Returns the first value of a Dublin Core field; None if there is none."""
    return " ".join(package.findtext(f"{{*}}metadata//{{{DUBLIN_CORE}}}{field}", "").split()) or None


def _xml(content: bytes, path: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise CorruptError(f"{path}: {error}") from None


def _chapter(content: bytes, item: Item, style: Style) -> str:
    if item.media_type not in CHAPTER_TYPES and not SIGN_OF_CHAPTER.search(content, 0, SNIFFED):
        raise CorruptError(f"{item.path}: a chapter of the media type {item.media_type!r}, which is not read")
    if item.media_type == "text/plain":
        return decode_text(content).text.strip()
    page = SELF_CLOSED.sub(r"<\1\2></\1>", decode_page(content).text)
    if "<dtbook" in page:
        page = VERSE_END.sub("<br>", page)
    if _is_publishers(page):
        return ""
    try:
        return html.extract_all(page, style)
    except html.LongPageError as error:
        raise CorruptError(f"{item.path}: {error}") from None


def _is_publishers(page: str) -> bool:
    """Whether a chapter is wholly a publisher's page: its body, or the only section in it, has such a type."""
    opening = OPENING.search(page)
    if opening is None or (opening["section"] and (page.count("<section") > 1 or not CLOSING.search(page))):
        return False
    types = {name for found in TYPES.findall(opening[0]) for name in found.split()}
    return not types.isdisjoint(PUBLISHERS)
