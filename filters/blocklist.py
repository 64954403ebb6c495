"""Finds documents whose domain or URL is on a blocklist. This takes the place of the paper's SafeSearch.

A blocklist is a sorted array of 64-bit hashes: 8 bytes an entry, whatever its length. With a billion URLs and ten
million entries, one run in some 2,000 has a match by chance.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.seeded import order

PARTS = r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://)?(?:[^/?#@]*@)?(?P<host>[^/?#:]+)(?::\d*)?(?P<rest>/?[^#]*)"
LABELS = 127  # most labels of a host name


@dataclass(frozen=True)
class Blocklist:
    """The sorted hashes of the domains and URLs that are refused."""

    domains: npt.NDArray[np.uint64]
    urls: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, domains: pa.StringArray, urls: pa.StringArray) -> "Blocklist":
        """A blocklist of entries as people write them, one a string. Scheme, user, port and fragment are ignored."""
        hosts, _ = _parts(domains)
        return cls(np.unique(_hashes(hosts.drop_null())), np.unique(_hashes(_address(urls).drop_null())))

    def match(self, urls: pa.StringArray) -> pa.StringArray:
        """The entry that each URL matches: its domain, a domain that holds this one, or its address; else null."""
        address = _address(urls)
        matched = _choose(address, _listed(address, self.urls))
        host, _ = _parts(urls)
        for _ in range(LABELS):
            # The last match counts, so the shortest domain on the list is the one that is reported.
            matched = pc.coalesce(_choose(host, _listed(host, self.domains)), matched)
            parent = pc.struct_field(pc.extract_regex(host, r"^[^.]*\.(?P<parent>.+)$"), "parent")
            if parent.null_count == len(parent):
                break
            host = parent
        return matched


def _parts(urls: pa.StringArray) -> tuple[pa.StringArray, pa.StringArray]:
    """The lower-cased host without a final dot, and path with query; both null if a URL has no host."""
    parts = pc.extract_regex(urls, PARTS)
    host = pc.utf8_rtrim(pc.utf8_lower(pc.struct_field(parts, "host")), ".")
    return host, pc.struct_field(parts, "rest")


def _address(urls: pa.StringArray) -> pa.StringArray:
    """Host, path and query in one string, without a final slash."""
    host, rest = _parts(urls)
    return pc.binary_join_element_wise(host, pc.utf8_rtrim(rest, "/"), "")


def _hashes(values: pa.StringArray) -> npt.NDArray[np.uint64]:
    hashes: npt.NDArray[np.uint64] = order(values, 0, "blocklist")
    return hashes


def _listed(values: pa.StringArray, entries: npt.NDArray[np.uint64]) -> pa.BooleanArray:
    if not len(entries):
        return pa.array(np.zeros(len(values), np.bool_))
    hashes = _hashes(values.fill_null(""))
    at = np.minimum(np.searchsorted(entries, hashes), len(entries) - 1)
    return pc.and_(pa.array(entries[at] == hashes), values.is_valid())


def _choose(values: pa.StringArray, chosen: pa.BooleanArray) -> pa.StringArray:
    return pc.if_else(chosen, values, pa.scalar(None, pa.string()))
