"""Matches patterns of paths in robots.txt, ai.txt and tdmrep.json (RFC 9309, section 2.2). `*` matches any characters,
`$` at the end matches the end of the path, and a pattern without it matches all paths that start with it.

No regular expressions are used, so that a hostile pattern costs no more than a long one.
"""

import re
from urllib.parse import quote, urlsplit

ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def site_and_path(url: str) -> tuple[str, str] | None:
    """Returns the host (with its port, if it has one) and the path with its query; None if it is not a web address.

    http and https count as one site, since most sites serve the same file under both.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    site = host.rstrip(".") + ("" if port in (None, 80, 443) else f":{port}")
    return site, spelt((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def spelt(path: str) -> str:
    """Returns the normal spelling of a path or pattern: characters beyond ASCII as %XX, unreserved ones as
    themselves."""
    if "%" not in path and path.isascii() and " " not in path:
        return path
    return ESCAPE.sub(_unreserved, quote(path, safe="%/?#[]@!$&'()*+,;=:-._~\"<>\\^`{|}"))


def _unreserved(escape: re.Match[str]) -> str:
    sign = chr(int(escape[0][1:], 16))
    return sign if sign in UNRESERVED else escape[0].upper()


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern matches a path. Both are in the spelling of `spelt`."""
    is_whole = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not rest:
        return not is_whole or at == len(path)
    for piece in rest[:-1]:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    last = rest[-1]
    return path.endswith(last) and len(path) - len(last) >= at if is_whole else path.find(last, at) >= 0
