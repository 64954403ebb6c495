"""Finds the documents that only one of two runs of the same input kept, and why the other did not keep them."""

import posixpath
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.stages.report.documents.excerpts import beginning, fetch
from massivetext.pipeline.stages.report.documents.stretch import Place, judged
from massivetext.pipeline.stages.report.figures.assemble import configuration
from massivetext.pipeline.stages.report.stats_part import Excerpt, Part
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.verify.ids import Ids, packed
from massivetext.pipeline.verify.survivors import among

SHOWN = 3  # documents that are shown for each source, direction and reason


class Moved(Part):
    """Documents of a source that one run kept and the other did not, for one reason."""

    source: str
    kept_here: bool
    reason: str  # a rule, url, exact, near, contaminated; or "not read"
    documents: int
    examples: list[Excerpt]


def moved(keeper: str, loser: str, ids: Ids, *, kept_here: bool) -> Iterator[Moved]:
    """The documents `ids`, which the run `keeper` kept, grouped by the reason why the run `loser` did not."""
    reasons = dict(_reasons(loser, ids))
    counts: Counter[tuple[str, str]] = Counter()
    places: dict[tuple[str, str], list[Place]] = {}
    for source in configuration(keeper).sources:
        for place, id_ in _places(keeper, source, ids):
            key = source, reasons.get(id_, "not read")
            counts[key] += 1
            if counts[key] <= SHOWN:
                places.setdefault(key, []).append(place)
    documents = fetch(keeper, [place for of_key in places.values() for place in of_key])
    for (source, reason), count in sorted(counts.items()):
        examples = [beginning(documents[place]) for place in places[source, reason]]
        yield Moved(source=source, kept_here=kept_here, reason=reason, documents=count, examples=examples)


def _places(out: str, source: str, ids: Ids) -> Iterator[tuple[Place, bytes]]:
    for path, _ in files.match(posixpath.join(out, layout.documents_of(source))):
        for stretch in judged(out, source, layout.part_of(path), ["id"]):
            if stretch.removed_by() is not None:
                continue
            own = packed(stretch.columns.column("id"))
            for row in np.flatnonzero(among(own, ids)):
                yield stretch.place(int(row)), bytes(own[row])


def _reasons(out: str, ids: Ids) -> Iterator[tuple[bytes, str]]:
    """The reasons why a run did not keep the documents `ids`."""
    sources = list(configuration(out).sources)
    for source in sources:
        for path, _ in files.match(posixpath.join(out, layout.verdicts_of(layout.documents_of(source)))):
            for verdicts in parquet.batches(path, ["id", "removed_by"]):
                batch = verdicts.filter(verdicts.column("removed_by").is_valid())
                yield from _chosen(batch.column("id"), batch.column("removed_by"), ids)
    for item in candidates.candidates(out, sources):
        path = posixpath.join(out, layout.duplicates(item.part))
        for batch in parquet.batches(path, ["id", "kind"]) if files.exists(path) else ():
            yield from _chosen(batch.column("id"), batch.column("kind"), ids)
        gone = candidates.contaminated(out, item.part)
        yield from _chosen(gone, pa.array(["contaminated"] * len(gone), pa.string()), ids)


def _chosen(column: pa.Array, reasons: pa.Array, ids: Ids) -> Iterator[tuple[bytes, str]]:
    own = packed(column)
    for row in np.flatnonzero(among(own, ids)):
        yield bytes(own[row]), reasons[int(row)].as_py()
