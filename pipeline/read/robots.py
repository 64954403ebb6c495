"""Robots directives: what a page asks of all crawlers in its meta elements and its HTTP headers, and whether it
reserves text and data mining there (the TDM Reservation Protocol).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from massivetext.filters.reservations.site import MAY, RESERVES

HEAD = 1 << 18  # characters in which a page's head is looked for
BODY = re.compile(r"<body\b|</head\b", re.IGNORECASE)
META = re.compile(r"<meta\b([^<>]{0,1000})>", re.IGNORECASE)
ATTRIBUTE = re.compile(
    r"""\b(name|content)\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
NAMES = ("robots", "ROBOTS", "Robots", "tdm-reservation")
TDM = "tdm-reservation"
WITH_VALUE = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
MOST, LONGEST = 20, 60  # directives, characters of one: what pages state is theirs, what is stored is ours


def directives(page: str, headers: Mapping[str, Sequence[str]] | None = None) -> list[str] | None:
    """The distinct directives, lower-cased and sorted: `noindex`, `noai`, `max-snippet:-1`; None without any.

    `headers`: the page's HTTP headers, by their names in lower case. What is said to one crawler by name says nothing
    here. `tdm-reservation:1` reserves text and data mining, `tdm-reservation:0` does not; the head is stronger than a
    header.
    """
    headers, metas = headers or {}, list(_metas(page))
    stated = [*headers.get("x-robots-tag", ()), *(content for name, content in metas if name == "robots")]
    found = {each for text in stated for each in _split(text)}
    mining = [*headers.get(TDM, ()), *(content for name, content in metas if name == TDM)]
    if mining and mining[-1].strip() in ("0", "1"):
        found.add(RESERVES if mining[-1].strip() == "1" else MAY)
    return sorted(found)[:MOST] or None


def _metas(page: str) -> Iterator[tuple[str, str]]:
    """Names and contents of the head's meta elements that are named `robots` or `tdm-reservation`."""
    end = page.find("</head", 0, HEAD)
    if end < 0:
        end = page.find("</HEAD", 0, HEAD)
    head = page[: HEAD if end < 0 else end]
    if not any(name in head for name in NAMES):  # most pages
        return
    # Without comments, in linear time; one that is never closed runs to the end.
    first, *rest = head.split("<!--")
    head = first + "".join(piece.partition("-->")[2] for piece in rest)
    body = BODY.search(head)
    for meta in META.finditer(head, 0, body.start() if body else len(head)):
        attributes = {
            name.lower(): double or single or bare
            for name, double, single, bare in ATTRIBUTE.findall(meta[1])
        }
        name = attributes.get("name", "").strip().lower()
        if name in ("robots", TDM):
            yield name, attributes.get("content", "")


def _split(text: str) -> Iterable[str]:
    for item in text.lower().split(","):
        name, colon, value = (part.strip() for part in item.partition(":"))
        if colon and name not in WITH_VALUE:
            return  # a crawler's name: all that follows is for that one
        if name:
            yield f"{name}:{value}"[:LONGEST] if colon else name[:LONGEST]
