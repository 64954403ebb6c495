"""Sends a request to a web server, and repeats it while the server is busy or breaks off. Errors say what to do."""

import errno
import functools
import os
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from netrc import NetrcParseError, netrc
from typing import Any, NamedTuple, TypeVar

from massivetext.pipeline.storage import retries
from massivetext.pipeline.storage.object_store import StoreError
from massivetext.pipeline.storage.retries import BusyError, CutOffError

PATIENCE = retries.Patience(attempts=6, first=1.0, longest=16.0, asked=120.0)
TIMEOUT = 60.0  # seconds without an answer
PIECE = 1 << 18  # bytes that are read from the connection at once
SENT = {
    "User-Agent": "massivetext",
    "Accept-Encoding": "identity",
}  # so that the server does not compress the file
_LOGIN = "the server wants a login: put one for this host into ~/.netrc"

Result = TypeVar("Result")


class Address(NamedTuple):
    """The address of a file: the URL, and headers such as a token. `login` says what a person can do about an answer of
    401 or 403."""

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    login: str = _LOGIN


def retried(name: str, act: Callable[[], Result]) -> Result:
    """Run an action, and again after a pause while the server is busy or breaks off. `name` begins error messages."""
    try:
        return retries.retried(name, act, PATIENCE)
    except (BusyError, CutOffError) as error:
        raise StoreError(f"{name}: {error} ({PATIENCE.attempts} attempts)") from error


def answer_to(address: Address, headers: Mapping[str, str]) -> Any:
    """Returns the answer to a request, with its body unread. Raises an error for any answer but success."""
    from urllib3.exceptions import HTTPError

    sent = {**SENT, **_login(address.url), **dict(address.headers), **headers}
    try:
        answer: Any = _connections(os.getpid(), _proxy(address.url)).request(
            "GET", address.url, headers=sent, preload_content=False
        )
    except (HTTPError, OSError) as error:
        raise CutOffError(_told(error)) from error
    if answer.status in (200, 206, 416):
        return answer
    answer.close()
    said = f"{answer.status} {answer.reason or ''}".strip()
    if answer.status in (404, 410):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), address.url)
    if answer.status in (401, 403):
        raise StoreError(f"{address.url}: the server answers {said}: {address.login}")
    if answer.status in retries.PASSING:
        raise BusyError(f"the server answers {said}", wait_of(answer.headers.get("Retry-After")))
    raise StoreError(f"{address.url}: the server answers {said}")


def wait_of(asked_for: str | None) -> float | None:
    """Returns the seconds that `Retry-After` asks for, as a number or by a date."""
    if not asked_for:
        return None
    if asked_for.strip().isdecimal():
        return float(asked_for)
    try:
        return max(0.0, parsedate_to_datetime(asked_for).timestamp() - time.time())
    except ValueError:
        return None


def _told(error: Exception) -> str:
    """Returns an error of a connection as one line, without the objects that libraries put into it."""
    text = re.sub(r"<[^<>]*>", "", str(error)).strip(" ():,")
    return f"{type(error).__name__}: {text}"[:300]


@functools.cache
def _connections(process: int, proxy: str | None) -> Any:
    """Returns the connections of this process. They follow redirections, and send no login to another host."""
    del process  # a forked process needs its own connections
    import urllib3

    options: dict[str, Any] = {
        "retries": urllib3.Retry(total=None, connect=0, read=0, redirect=10, status=0, other=0),
        "timeout": urllib3.Timeout(connect=TIMEOUT, read=TIMEOUT),
        "maxsize": 16,
    }
    return urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)


def _proxy(url: str) -> str | None:
    """Returns the proxy that the environment sets for a URL."""
    parts = urllib.parse.urlsplit(url)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    return urllib.request.getproxies().get(parts.scheme)


def _login(url: str) -> dict[str, str]:
    """Returns the login that ~/.netrc has for a host."""
    from urllib3 import make_headers

    host = urllib.parse.urlsplit(url).hostname or ""
    found = _netrc()
    login = found.authenticators(host) if found and host in found.hosts else None
    return make_headers(basic_auth=f"{login[0]}:{login[2]}") if login else {}


@functools.cache
def _netrc() -> netrc | None:
    try:
        return netrc()
    except (OSError, NetrcParseError):
        return None


def take(answer: Any, into: Any, size: int) -> None:
    """Append an answer's body, which must have `size` bytes (-1: any number). Raises CutOffError if it breaks off."""
    from urllib3.exceptions import HTTPError

    taken = 0
    add = into.extend if isinstance(into, bytearray) else into.write
    try:
        for piece in answer.stream(PIECE, decode_content=False):
            piece = piece if size < 0 else piece[: size - taken]
            add(piece)
            taken += len(piece)
            if taken == size:
                break
    except (HTTPError, OSError) as error:
        raise CutOffError(f"the connection broke off after {taken} bytes: {_told(error)}") from error
    finally:
        answer.close() if taken != size else answer.release_conn()
    if taken < size:
        raise CutOffError(f"the answer ended after {taken} of {size} bytes")
