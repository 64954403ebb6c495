"""Finds Creative Commons marks on web pages: the licence that a page states, and the kind of mark.

    rel        a link with rel="license", or the same in an HTTP Link header
    metadata   meta elements (Dublin Core and others), schema.org's `license`, RDF
    visible    any other link to a licence, or its name in the text

The strongest kind on a page counts. A page with several licences of that kind has none, since the marks belong to parts
of it, such as pictures.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

SITE = "creativecommons.org/"
MOST = 200  # the most marks of a page that are read
TAG = 2000  # the characters before and after a link in which its element must begin and end
KINDS = ("rel", "metadata", "visible")

URL = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<terms>by(?:-nc)?(?:-sa|-nd)?)/(?P<version>\d\.\d)|publicdomain/(?P<free>zero|mark)/)",
    re.IGNORECASE,
)
NAME = re.compile(
    r"\bCC[ -](?P<terms>BY(?:-NC)?(?:-SA|-ND)?)[ -](?P<version>\d\.\d)\b"
    r"|\bCreative Commons (?P<long>Attribution(?:-Non-?Commercial)?(?:-Share-?Alike|-No-?Deriv(?:ative)?s)?)"
    r" (?P<number>\d\.\d)\b"
    r"|\bCC0 1\.0\b",
    re.IGNORECASE,
)
SIGNS_OF_NAME = ("CC BY", "CC-BY", "CC0 1.0", "Creative Commons Attribution")
REL = re.compile(r"""\brel\s{0,9}=\s{0,9}(?:"[^"]*\blicense\b|'[^']*\blicense\b|license\b)""", re.IGNORECASE)
METADATA = re.compile(
    r"""<meta\b|\bitemprop\s{0,9}=\s{0,9}["']?license\b|\brdf:(?:resource|about)\b""", re.IGNORECASE
)
OF_SCHEMA = re.compile(r'"license"\s{0,9}:\s{0,9}(?:\{[^{}]{0,200})?"[^"<>]*$', re.IGNORECASE)
RIGHTS = re.compile(r"\b(?:licen[cs]e|rights|copyright)\b", re.IGNORECASE)


class Mark(NamedTuple):
    """A licence as an SPDX id, and the kind of mark that states it."""

    licence: str
    kind: str


def mark(page: str, links: Iterable[str] = ()) -> Mark | None:
    """Returns the licence that a page states. `links` has the values of its HTTP Link headers."""
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for kind, licence in (*_in_headers(links), *_in_page(page)):
        found[kind].add(licence)
    strongest = next((kind for kind in KINDS if found[kind]), None)
    if strongest is None or len(found[strongest]) > 1:
        return None
    return Mark(found[strongest].pop(), strongest)


def _in_headers(links: Iterable[str]) -> Iterator[tuple[str, str]]:
    for link in ",".join(links).split(",<"):
        if REL.search(link) and (url := URL.search(link)):
            yield "rel", _of_url(url)


def _in_page(page: str) -> Iterator[tuple[str, str]]:
    if SITE in page:
        for number, url in enumerate(URL.finditer(page)):
            if number == MOST:
                return
            if kind := _kind(page, url.start(), url.end()):
                yield kind, _of_url(url)
    if any(sign in page for sign in SIGNS_OF_NAME):
        for number, name in enumerate(NAME.finditer(page)):
            if number == MOST:
                return
            if kind := _kind(page, name.start(), name.end()):
                yield kind, _of_name(name)


def _kind(page: str, start: int, end: int) -> str | None:
    """Returns the kind of the mark at a place of a page; None in a meta element about something else."""
    before = page[max(0, start - TAG) : start]
    opened, closed = before.rfind("<"), before.rfind(">")
    if opened <= closed:  # in text, or in a script
        return "metadata" if OF_SCHEMA.search(before[closed + 1 :][-500:]) else "visible"
    element = before[opened:] + page[start:end] + page[end : end + TAG].partition(">")[0]
    if REL.search(element):
        return "rel"
    if METADATA.search(element):
        return "metadata" if not element.lower().startswith("<meta") or RIGHTS.search(element) else None
    return "visible"


def _of_url(found: re.Match[str]) -> str:
    if found["terms"]:
        return f"CC-{found['terms'].upper()}-{found['version']}"
    return "CC0-1.0" if found["free"].lower() == "zero" else "CC-PDM-1.0"


def _of_name(found: re.Match[str]) -> str:
    if found["terms"]:
        return f"CC-{found['terms'].upper()}-{found['version']}"
    if not found["long"]:
        return "CC0-1.0"
    words = found["long"].lower().replace("non-", "non").replace("share-", "share").replace("no-", "no")
    parts = {"noncommercial": "NC", "sharealike": "SA"}
    terms = ["BY", *(parts.get(word, "ND") for word in words.split("-")[1:])]
    return f"CC-{'-'.join(terms)}-{found['number']}"
