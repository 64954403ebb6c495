"""Wikipedia: reads MediaWiki XML dumps, plain or compressed, with a document for each article.

Articles are the pages of namespace 0 that are no redirects and hold text. Others are Skipped, by the first reason that
applies: namespace, redirect, content model, no text. Offset: the page's id in the wiki. Of a page with several
revisions, the last in the file is read.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from lxml import etree
from mwparserfromhell.parser import ParserError

from massivetext.pipeline.read.formats.decompress import BrokenError, Decompressed
from massivetext.pipeline.read.record import Failure, Found, Input, Record, Skipped
from massivetext.pipeline.read.wikipedia import wiki, wikitext

HEAD = 1 << 16  # bytes within which a dump's root element must begin
CHUNK = 1 << 16
WIKITEXT_LIMIT = 4 << 20  # bytes; MediaWiki itself allows 2 MiB (wgMaxArticleSize)
FIELD_LIMIT = 4096  # characters of a title and other short fields
SAFE = ";@$!*(),/~:"  # what MediaWiki does not escape in a page's address
FILE, MEDIA, CATEGORY = "6", "-2", "14"  # namespaces' keys; their names are the wiki's own


SPAN = 1 << 12  # ids in one block of bits
SPANS = 1 << 17


class UnreadableError(Exception):
    """A file is no dump, or must not be read."""


def read(source: Input) -> Iterator[Found]:
    """Yields the articles of a dump, in its order.

    Pages over 4 MiB of wikitext (or `limits.record_bytes`, if less) are Failures. A dump that breaks off,
    is no well-formed XML, or defines a document type (entities can expand without bound) ends in a Failure.
    """
    pages = Pages(source)
    # Text of any length arrives in pieces, so huge_tree costs no memory; nothing is resolved or loaded.
    parser = etree.XMLParser(
        target=cast(Any, pages), huge_tree=True, resolve_entities=False, load_dtd=False, no_network=True
    )
    try:
        stream = Decompressed(source.stream, source.limits)
        _check_head(head := _read(cast(BinaryIO, stream), HEAD))
        chunk = head
        while chunk:
            parser.feed(chunk)
            yield from pages.take()
            chunk = stream.read(CHUNK)
        parser.close()
    except (BrokenError, UnreadableError, etree.XMLSyntaxError) as error:
        yield from pages.take()
        yield Failure(pages.last, f"dump unreadable after the page of this id: {error}")


def _read(stream: BinaryIO, size: int) -> bytes:
    parts = []
    while size and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _check_head(head: bytes) -> None:
    before, root, _ = head.replace(b"\0", b"").partition(b"<mediawiki")  # without zeros UTF-16 reads as ASCII
    if not root:
        raise UnreadableError("not a MediaWiki XML dump: no <mediawiki> element")
    if b"<!DOCTYPE" in before:
        raise UnreadableError("the file defines a document type, which no dump does")


class Ids:
    """The ids of a dump's articles, with one bit for each."""

    def __init__(self) -> None:
        self._spans: dict[int, bytearray] = {}

    def add(self, number: int) -> bool:
        """Adds an id. Returns whether it is new. Raises UnreadableError if ids are further apart than in any wiki."""
        if number // SPAN not in self._spans:
            if len(self._spans) == SPANS:
                raise UnreadableError("the ids of its pages lie too far apart to be told apart")
            self._spans[number // SPAN] = bytearray(SPAN // 8)
        byte, bit = divmod(number % SPAN, 8)
        span = self._spans[number // SPAN]
        is_new = not span[byte] >> bit & 1
        span[byte] |= 1 << bit
        return is_new


class Pages:
    """The target of a parser (see lxml's documentation). Collects the pages that have ended."""

    def __init__(self, source: Input) -> None:
        self.last = -1
        self._is_taken = source.is_taken
        limits = source.limits
        self._limit = min(limits.record_bytes, WIKITEXT_LIMIT)
        self._ended: list[Found] = []
        self._path: list[str] = []
        self._fields: dict[str, str] = {}
        self._text: list[str] | None = None  # the text of the open field; None if it is not wanted
        self._size = 0
        self._base = ""
        self._namespaces: set[str] = set()  # of files, media and categories
        self._namespace = ""
        self._language = ""
        self._wiki: wiki.Wiki | None = None
        self._seen = Ids()

    def take(self) -> list[Found]:
        """Returns the documents of the pages that ended since the last call."""
        ended, self._ended = self._ended, []
        return ended

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        self._path.append(name)
        parent = self._path[-2] if len(self._path) > 1 else ""
        if name == "mediawiki":
            language = next((value for key, value in attributes.items() if key.endswith("lang")), "")
            self._language = language.partition("-")[0].lower()
        elif name == "page":
            self._fields = {}
        elif name == "redirect":
            self._fields["redirect"] = attributes.get("title", "")
        elif name == "namespace":
            self._namespace = attributes.get("key", "")
        wanted = (
            (parent == "page" and name in ("title", "ns", "id"))
            or (parent == "revision" and name in ("text", "model"))
            or name in ("base", "namespace")
        )
        self._text, self._size = ([] if wanted else None), 0

    def data(self, data: str) -> None:
        if self._text is None:
            return
        self._size += len(data) if data.isascii() else len(data.encode())
        if self._size <= (self._limit if self._path[-1] == "text" else FIELD_LIMIT):
            self._text.append(data)

    def end(self, _tag: str) -> None:
        name = self._path.pop()
        if name == "page":
            self._page()
        elif self._text is not None:
            content = "".join(self._text)
            if name == "base":
                self._base = content.rpartition("/")[0]
            elif name == "namespace":
                if self._namespace in (FILE, MEDIA, CATEGORY):
                    self._namespaces.add(content.lower())
            else:
                self._fields[name] = content
                if name == "text":
                    self._fields["size"] = str(self._size)
        self._text = None

    def doctype(self, *_: str | None) -> None:
        raise UnreadableError("the file defines a document type, which no dump does")

    def close(self) -> None:
        """Called at the end of the file."""

    def _page(self) -> None:
        fields, title = self._fields, self._fields.get("title", "")
        number = fields.get("id", "")
        has_number = number.isdecimal() and number.isascii() and len(number) < 19
        self.last = int(number) if has_number else self.last
        size = int(fields.get("size", "0"))
        source = self._wiki = self._wiki or wiki.of(self._language or "en", frozenset(self._namespaces))
        if kind := _no_article(fields, source.language):
            self._ended.append(Skipped(kind, size))
            return
        if size > self._limit:
            self._ended.append(
                Failure(self.last, f"{title}: {size} bytes, over the limit of {self._limit}", size)
            )
            return
        if has_number and not self._is_taken(self.last):
            return
        try:
            text, left_out = wikitext.extract(fields.get("text", ""), source)
        except ParserError as error:
            self._ended.append(Failure(self.last, f"{title}: {error}", size))
            return
        if not text:
            self._ended.append(Skipped("no text but templates, tables and the like", size))
            return
        if not has_number or not self._seen.add(self.last):
            reason = "another article has its id" if has_number else f"{number!r} is no page's id"
            self._ended.append(
                Failure(self.last, f"{title}: {reason}, by which documents are told apart", size)
            )
            return
        url = f"{self._base}/{quote(title.replace(' ', '_'), SAFE)}" if self._base else None
        self._ended.append(Record(self.last, text, url, title, sentences_left_out=left_out))


def _no_article(fields: dict[str, str], language: str) -> str | None:
    """Returns what a page is instead of an article, by its fields; None for an article."""
    namespace = fields.get("ns", "0")
    if namespace != "0":
        known = namespace.removeprefix("-").isdecimal() and len(namespace) < 5
        return f"namespace {namespace}" if known else "namespace without a number"
    if "redirect" in fields or wiki.is_redirect(fields.get("text", "")[:FIELD_LIMIT], language):
        return "redirect"
    return None if fields.get("model", "wikitext") == "wikitext" else "content model other than wikitext"
