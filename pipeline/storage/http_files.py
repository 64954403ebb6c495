"""Files on web servers, read by ranges.

A range that breaks off is asked for again from the byte at which it broke off. A file that changes while it is read, or
that is shorter than it was said to be, is an error, never a shorter file.
"""

import re
import tempfile
import urllib.parse
from fnmatch import fnmatchcase
from html import unescape
from typing import Any, BinaryIO, NamedTuple, cast

from massivetext.pipeline.storage.http_request import Address, answer_to, retried, take
from massivetext.pipeline.storage.object_store import BUFFER, Match, StoreError
from massivetext.pipeline.storage.ranged import Ranged
from massivetext.pipeline.storage.retries import CutOffError

TOTAL = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+)")
LINK = re.compile(rb"<a\s[^>]*?href\s*=\s*[\"']?([^\"'\s>?#]+)", re.IGNORECASE)


class Facts(NamedTuple):
    """What a server says of a file: its bytes (None: it does not say), its stamp, and whether it sends ranges."""

    size: int | None
    stamp: str
    has_ranges: bool


def open_read(url: str, buffer: int = BUFFER) -> BinaryIO:
    """A seekable stream of a file; each request asks for `buffer` bytes at least."""
    return opened(Address(url), buffer)


def open_ahead(url: str) -> BinaryIO:
    """The same, its first bytes at hand."""
    return opened(Address(url), BUFFER, ahead=True)


def opened(address: Address, buffer: int = BUFFER, ahead: bool = False) -> BinaryIO:
    """A seekable stream of the file at an address. A server that sends no ranges sends the file once, to a temporary
    file."""
    facts = look(address)
    if not facts.has_ranges or facts.size is None:
        return _copy(address)
    reader = Ranged(facts.size, buffer, lambda start, end: stretch(address, start, end - start, facts.stamp))
    if ahead:
        reader.look_ahead()
    return cast(BinaryIO, reader)


def exists(url: str) -> bool:
    return is_there(Address(url))


def is_there(address: Address) -> bool:
    try:
        look(address)
    except FileNotFoundError:
        return False
    return True


def stamped(pattern: str) -> list[Match]:
    """The file of a URL, with its size and stamp; or the files of a folder, as its index page links them.

    `*` may stand in the last part of a URL alone: a web server has no other list of what it holds.
    """
    folder, _, name = pattern.rpartition("/")
    if "*" in folder:
        raise StoreError(
            f"{pattern}: `*` may stand behind the last / of a URL alone: a server lists no folders"
        )
    urls = [pattern] if "*" not in name else [url for url in _linked(f"{folder}/") if _fits(url, pattern)]
    found = []
    for url in urls:
        try:
            facts = look(Address(url))
        except FileNotFoundError:
            continue
        found.append(Match(url, facts.size or 0, facts.stamp, url))
    return found


def _fits(url: str, pattern: str) -> bool:
    return fnmatchcase(url, re.sub(r"[\[?]", lambda sign: f"[{sign[0]}]", pattern))


def _linked(folder: str) -> list[str]:
    """The files that a folder's page links within the folder."""
    try:
        page = asked(Address(folder))
    except FileNotFoundError:
        return []
    found = (
        urllib.parse.urljoin(folder, unescape(link.decode("utf-8", "replace"))) for link in LINK.findall(page)
    )
    inside = {url for url in found if url.startswith(folder) and "/" not in url[len(folder) :]}
    return sorted(inside - {folder})


def look(address: Address) -> Facts:
    """What the server says of a file; raises FileNotFoundError where there is none."""

    def facts(answer: Any) -> Facts:
        answer.drain_conn() if answer.status == 206 else answer.close()
        total = TOTAL.fullmatch(answer.headers.get("Content-Range", ""))
        length = answer.headers.get("Content-Length", "")
        size = (
            int(total[2]) if total else int(length) if answer.status == 200 and length.isdecimal() else None
        )
        return Facts(size, _stamp(answer, size), bool(total))

    return retried(address.url, lambda: facts(answer_to(address, {"Range": "bytes=0-0"})))


def asked(address: Address) -> bytes:
    """All of a small file."""
    with _copy(address) as stream:
        return stream.read()


def read_range(url: str, start: int, size: int) -> bytes:
    """A stretch of a file by one request; fewer bytes where the file ends before."""
    return stretch(Address(url), start, size)


def stretch(address: Address, start: int, size: int, stamp: str | None = None) -> bytes:
    """A stretch of a file whose stamp must be this one, if any; what breaks off is asked for again from there."""
    data = bytearray()

    def more() -> bytes:
        first = start + len(data)
        answer = answer_to(address, {"Range": f"bytes={first}-{start + size - 1}"})
        try:
            end = _end(address, answer, first, stamp)
        except BaseException:
            answer.close()
            raise
        take(answer, data, max(0, min(start + size, end) - first))
        return bytes(data)

    return retried(address.url, more)


def _end(address: Address, answer: Any, start: int, stamp: str | None) -> int:
    """Where the file ends of which an answer is the range that was asked for; raises an error for another answer."""
    total = TOTAL.fullmatch(answer.headers.get("Content-Range", ""))
    if stamp is not None and (not total or _stamp(answer, int(total[2])) != stamp):
        raise StoreError(
            f"{address.url}: changed while it was read: its stamp was {stamp}, and the server now answers "
            f"{answer.status} with {answer.headers.get('Content-Range') or 'no range'} and the stamp "
            f"{_stamp(answer, int(total[2]) if total else None)}"
        )
    if not total:
        raise StoreError(f"{address.url}: the server sends no ranges")
    if answer.status == 206 and int(total[1] or -1) != start:
        raise CutOffError(f"the server sent the range {total[0]} when it was asked for one from {start}")
    return int(total[2])


def _stamp(answer: Any, size: int | None) -> str:
    return f"{answer.headers.get('ETag') or answer.headers.get('Last-Modified') or ''} {size}"


def _copy(address: Address) -> BinaryIO:
    """The file as a temporary one, from a server that sends it only whole."""

    def fetched() -> BinaryIO:
        copy = tempfile.TemporaryFile()  # noqa: SIM115  (it is returned)
        try:
            answer = answer_to(address, {})
            take(answer, copy, int(answer.headers.get("Content-Length", "-1")))
        except BaseException:
            copy.close()
            raise
        copy.seek(0)
        return cast(BinaryIO, copy)

    return retried(address.url, fetched)
