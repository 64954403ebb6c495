"""Whose copies the removed documents are: counts the domains of duplicates beside those of their survivors."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pyarrow as pa

from massivetext.pipeline.stages.report.documents.stretch import Place, read_group
from massivetext.pipeline.stages.report.figures.duplicates import PAIR
from massivetext.pipeline.stages.report.stats_matches import Copies, CopiesFrom
from massivetext.pipeline.stages.report.survey import domains
from massivetext.pipeline.storage import layout

LISTED = 100


class Origin(NamedTuple):
    """Where a document comes from."""

    source: str
    domain: str | None


def copies(out: str, places: Mapping[str, Place], sample: pa.Table, beside: int) -> Copies:
    """Counts the origins of a sample of duplicates and survivors, the most frequent pair of origins first.

    `sample` holds rows of duplicates/, drawn at random from `beside` rows. Documents without a URL have no domain.
    """
    pairs = zip(*(sample.column(name).to_pylist() for name in PAIR), strict=True) if sample.num_rows else ()
    known = [pair for pair in pairs if places.keys() >= set(pair)]
    origin = _origins(out, {places[id_] for pair in known for id_ in pair})
    counts = Counter((origin[places[removed]], origin[places[survivor]]) for removed, survivor in known)
    most = sorted(counts.items(), key=lambda entry: (-entry[1], str(entry[0])))
    rows = [
        CopiesFrom(
            source=removed.source,
            domain=removed.domain,
            survivor_source=survivor.source,
            survivor_domain=survivor.domain,
            documents=documents,
        )
        for (removed, survivor), documents in most[:LISTED]
    ]
    return Copies(sampled=len(known), duplicates=beside, most=rows)


def _origins(out: str, places: Iterable[Place]) -> dict[Place, Origin]:
    """Reads the source and the domain of each place. Each row group is read once."""
    groups: dict[tuple[str, int], list[Place]] = defaultdict(list)
    for place in places:
        groups[place.path, place.group].append(place)
    found = {}
    for (path, group), of_group in sorted(groups.items()):
        hosts = domains.hosts(read_group(out, path, group, ["url"]).column("url"))
        for place in of_group:
            found[place] = Origin(layout.source_of(path), hosts[place.row].as_py())
    return found
