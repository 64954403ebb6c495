"""Blocklists of domains and URLs: which documents stand on one. A stand-in for the paper's SafeSearch.

Entries and URLs are compared as 64-bit hashes, sorted: 8 bytes an entry, whatever its length. Of a billion URLs
against ten million entries, one in some 2,000 runs matches by chance.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.seeded import order

PARTS = r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://)?(?:[^/?#@]*@)?(?P<host>[^/?#:]+)(?::\d*)?(?P<rest>/?[^#]*)"
LABELS = 127  # a host name has no more


@dataclass(frozen=True)
class Blocklist:
    """The sorted hashes of the domains and URLs that are refused."""

    domains: npt.NDArray[np.uint64]
    urls: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, domains: pa.StringArray, urls: pa.StringArray) -> "Blocklist":
        """From entries as they are written, one a string; scheme, user, port and fragment count for nothing."""
        hosts, _ = _parts(domains)
        return cls(np.unique(_hashes(hosts.drop_null())), np.unique(_hashes(_address(urls).drop_null())))

    def match(self, urls: pa.StringArray) -> pa.StringArray:
        """The entry each URL stands on: its domain or one that this is part of, or its address; else null."""
        address = _address(urls)
        matched = _choose(address, _listed(address, self.urls))
        host, _ = _parts(urls)
        for _ in range(LABELS):
            # The shortest domain that is listed is told, since the last match counts.
            matched = pc.coalesce(_choose(host, _listed(host, self.domains)), matched)
            parent = pc.struct_field(pc.extract_regex(host, r"^[^.]*\.(?P<parent>.+)$"), "parent")
            if parent.null_count == len(parent):
                break
            host = parent
        return matched


def _parts(urls: pa.StringArray) -> tuple[pa.StringArray, pa.StringArray]:
    """Lower-cased host without a last dot, and path and query; both null where a URL has no host."""
    parts = pc.extract_regex(urls, PARTS)
    host = pc.utf8_rtrim(pc.utf8_lower(pc.struct_field(parts, "host")), ".")
    return host, pc.struct_field(parts, "rest")


def _address(urls: pa.StringArray) -> pa.StringArray:
    """Host, path and query as one; a last slash counts for nothing."""
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
