"""Reads files on web servers by ranges.

If a range breaks off, the rest of it is requested again. A file that changes while it is read, or that is shorter than
the server said, is an error and never a shorter file.
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
    """Facts of a file from its server: its size (None: unknown), its stamp, and whether the server sends ranges."""

    size: int | None
    stamp: str
    has_ranges: bool


def open_read(url: str, buffer: int = BUFFER) -> BinaryIO:
    """Returns a seekable stream of a file. Each request asks for at least `buffer` bytes."""
    return opened(Address(url), buffer)


def open_ahead(url: str) -> BinaryIO:
    """Like open_read, with the first bytes already fetched."""
    return opened(Address(url), BUFFER, ahead=True)


def opened(address: Address, buffer: int = BUFFER, ahead: bool = False) -> BinaryIO:
    """Returns a seekable stream of the file at an address. From a server without ranges, it fetches the file once,
    into a temporary file."""
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
    """Returns the file of a URL with its size and stamp, or the files to which the index page of a folder links.

    Only the last part of a URL may hold `*`, since a web server lists its files nowhere else.
    """
    folder, _, name = pattern.rpartition("/")
    if "*" in folder:
        raise StoreError(
            f"{pattern}: expected `*` only after the last / of a URL: a web server lists no folders"
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
    """Returns the files in a folder to which the folder's page links."""
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
    """Ask the server for the facts of a file. Raises FileNotFoundError if there is none."""

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
    """Returns the whole of a small file."""
    with _copy(address) as stream:
        return stream.read()


def read_range(url: str, start: int, size: int) -> bytes:
    """Returns a stretch of a file by one request; fewer bytes if the file ends before."""
    return stretch(Address(url), start, size)


def stretch(address: Address, start: int, size: int, stamp: str | None = None) -> bytes:
    """Returns a stretch of a file, whose stamp must be `stamp` if one is given. If it breaks off, asks for the rest."""
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
    """Returns the size of the file from an answer with the requested range. Raises an error for any other answer."""
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
    """Fetch the file into a temporary one, from a server that sends it only whole."""

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
