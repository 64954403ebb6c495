"""read = kept + removed + failed, in documents and bytes, counted again from the Parquet files."""

import posixpath
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pyarrow.compute as pc

from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.verify.ids import packed, shown

Counts = Counter[str]
"""Documents and bytes under `documents` and `bytes`."""


def accounted(out: str, config: Config) -> Iterator[str]:
    """For every source: the files hold what curate counted, and what it counted adds up."""
    tally = Tally.of(rows(out, "curate"))
    failures = _failures(out)
    for source in config.sources:
        found = {
            "kept": _documents(out, "documents", source),
            "removed": _documents(out, "removed", source),
            "failed": failures.get(source, Counter()),
        }
        counted = {name: Counter(_of(tally, source, name)) for name in ("read", "kept", "failed")}
        counted["removed"] = Counter()
        for row in rows(out, "curate"):
            if row.source == source and row.figure == "removed":
                counted["removed"].update(documents=row.documents, bytes=row.bytes)
        for name, counts in found.items():
            yield from _differences(source, name, counts, counted[name])
        total = Counter({unit: sum(counts[unit] for counts in found.values()) for unit in _UNITS})
        yield from _differences(source, "kept + removed + failed", total, counted["read"], "read")


_UNITS = ("documents", "bytes")


def _of(tally: Tally, source: str, figure: str) -> dict[str, int]:
    return dict(zip(_UNITS, tally.count(source, figure), strict=False))


def _differences(
    source: str, name: str, found: Counts, counted: Counts, counted_as: str | None = None
) -> Iterator[str]:
    for unit in _UNITS:
        if found[unit] != counted[unit]:
            against = f"{counted_as or name} counts {counted[unit]:,}"
            yield f"source {source}: {name} is {found[unit]:,} {unit} in the files, but {against}"


def _documents(out: str, folder: str, source: str) -> Counts:
    counts: Counts = Counter()
    for path, _ in files.match(posixpath.join(out, folder, f"source={source}", "part-*.parquet")):
        for batch in parquet.batches(path, ["text"]):
            counts.update(documents=batch.num_rows, bytes=int(text_bytes(batch).sum()))
    return counts


def _failures(out: str) -> dict[str, Counts]:
    found: dict[str, Counts] = {}
    for path, _ in files.match(posixpath.join(out, "failed", "part-*.parquet")):
        for batch in parquet.batches(path, ["source", "bytes"]):
            for source in pc.unique(batch.column("source")).to_pylist():
                of_source = batch.filter(pc.equal(batch.column("source"), source))
                size = pc.sum(of_source.column("bytes")).as_py() or 0
                found.setdefault(source, Counter()).update(documents=of_source.num_rows, bytes=size)
    return found


def told_apart(out: str, config: Config) -> Iterator[str]:
    """No id stands twice in a part of documents/ and removed/: ids of other parts have other origins."""
    for source in config.sources:
        for part in sorted(_parts(out, source)):
            paths = [posixpath.join(out, name(source, part)) for name in (layout.documents, layout.removed)]
            ids = [packed(parquet.read(path, ["id"]).column("id")) for path in paths if files.exists(path)]
            values, counts = np.unique(np.concatenate(ids), return_counts=True)
            for value in values[counts > 1]:
                yield f"source {source}, part {part}: the id {shown(value)} stands {counts.max()} times"


def _parts(out: str, source: str) -> set[int]:
    return {
        layout.part_of(path)
        for folder in ("documents", "removed")
        for path, _ in files.match(posixpath.join(out, folder, f"source={source}", "part-*.parquet"))
    }
