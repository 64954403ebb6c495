"""Checks that read = kept + removed + failed, in documents and bytes, by counting again in the Parquet files."""

import posixpath
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.rules import judges
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages.curate.judge import verdicts as judge_again
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.verify.ids import packed, shown

Counts = Counter[str]
"""Numbers of documents and bytes, with the keys `documents` and `bytes`."""


def accounted(out: str, config: Config) -> Iterator[str]:
    """Check, for every source, that the files hold the numbers that curate counted, and that these add up."""
    tally = Tally.of(rows(out, "curate/**"))
    failures = _failures(out)
    for source in config.sources:
        kept, removed = _documents(out, source)
        found = {
            Figure.KEPT: kept,
            Figure.REMOVED: removed,
            Figure.FAILED: failures.get(source, Counter()),
        }
        counted = {
            name: Counter(_of(tally, source, name)) for name in (Figure.READ, Figure.KEPT, Figure.FAILED)
        }
        counted[Figure.REMOVED] = Counter()
        for row in rows(out, "curate/judge"):
            if row.source == source and row.figure == Figure.REMOVED:
                counted[Figure.REMOVED].update(documents=row.documents, bytes=row.bytes)
        for name, counts in found.items():
            yield from _differences(source, name, counts, counted[name])
        total = Counter({unit: sum(counts[unit] for counts in found.values()) for unit in _UNITS})
        yield from _differences(source, "kept + removed + failed", total, counted[Figure.READ], "read")


_UNITS = ("documents", "bytes")


def _of(tally: Tally, source: str, figure: Figure) -> dict[str, int]:
    return dict(zip(_UNITS, tally.count(source, figure), strict=False))


def _differences(
    source: str, name: str, found: Counts, counted: Counts, counted_as: str | None = None
) -> Iterator[str]:
    for unit in _UNITS:
        if found[unit] != counted[unit]:
            against = f"{counted_as or name} counts {counted[unit]:,}"
            yield f"source {source}: {name} is {found[unit]:,} {unit} in the files, but {against}"


def _documents(out: str, source: str) -> tuple[Counts, Counts]:
    """Counts the documents that the verdicts keep, and those that they remove."""
    kept, removed = Counter[str](), Counter[str]()
    for part in _parts(out, source):
        texts = parquet.batches(posixpath.join(out, layout.documents(source, part)), ["text"])
        sizes = np.concatenate([np.zeros(0, np.int64), *(text_bytes(batch) for batch in texts)])
        removed_by = _verdicts(out, source, part, "removed_by")
        is_kept = removed_by.is_null().to_numpy()[
            : len(sizes)
        ]  # `judged` reports it if the two differ in length
        for counts, chosen in ((kept, is_kept), (removed, ~is_kept)):
            counts.update(documents=int(chosen.sum()), bytes=int(sizes[: len(chosen)][chosen].sum()))
    return kept, removed


def _verdicts(out: str, source: str, part: int, column: str) -> pa.ChunkedArray:
    return parquet.read(posixpath.join(out, layout.verdicts(source, part)), [column]).column(column)


def judged(out: str, config: Config) -> Iterator[str]:
    """Check that every document has its verdict, in the order of documents/, and that its measurements give this
    verdict."""
    for source, rules in judges(config).items():
        for part in _parts(out, source):
            name = layout.verdicts(source, part)
            verdicts = (
                parquet.read(posixpath.join(out, name)) if files.exists(posixpath.join(out, name)) else None
            )
            if verdicts is None:
                yield f"{name}: missing, but {layout.documents(source, part)} holds documents"
                continue
            again = judge_again(out, source, part, rules)
            if not verdicts.column("id").equals(again.column("id")):
                yield f"{name}: its ids are not those of {layout.documents(source, part)}, in their order"
            elif not verdicts.equals(again):
                beside = layout.documents(source, part)
                yield f"{name}: differs from what the rules say of the measurements in {beside}"


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
    """Check that no id occurs twice in a part of documents/. Ids of different parts differ, since their origins do."""
    for source in config.sources:
        for part in _parts(out, source):
            path = posixpath.join(out, layout.documents(source, part))
            ids = packed(parquet.read(path, ["id"]).column("id"))
            values, counts = np.unique(ids, return_counts=True)
            for value in values[counts > 1]:
                yield f"source {source}, part {part}: the id {shown(value)} occurs {counts.max()} times"


def _parts(out: str, source: str) -> list[int]:
    found = files.match(posixpath.join(out, layout.documents_of(source)))
    return [layout.part_of(path) for path, _ in found]
