"""Decontaminate: remove documents that match test items. The test sets are small, the documents stream by."""

import collections
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.filters.similarity.contamination import match
from massivetext.pipeline.config import inputs
from massivetext.pipeline.config.decontaminate import TestSet
from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.runtime.candidates import Candidates
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.stages.decontaminate.test_sets import stored
from massivetext.pipeline.stages.decontaminate.test_sets.item_file import ItemFile
from massivetext.pipeline.stages.decontaminate.test_sets.read import index, items
from massivetext.pipeline.stages.deduplicate import stage as deduplicate
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.storage.output import Output
from massivetext.schemas.duplicate import CONTAMINATION

NAME = "decontaminate"
TITLES = "titles"  # the test set that a match by title is counted under


@dataclass(frozen=True)
class Decontaminate:
    """Works on one part of documents/.

    Figures: matched and contaminated (removed) by test set; kept.
    """

    out: str
    test_files: tuple[ItemFile, ...]
    titles: frozenset[str]
    titled_sources: frozenset[str]
    threshold: float
    containment: float | None
    shingle: int

    def __call__(self, item: Candidates, output: Output) -> Tally:
        tally = Tally()
        tables = {layout.contaminated(item.part): CONTAMINATION}
        with parquet.writers(output, tables) as (writer,):
            gone = candidates.duplicates(self.out, item.part)
            for batch in candidates.without(self.out, item, ["id", "title", "text"], gone):
                found = pa.concat_batches([self._by_text(batch), self._by_title(item, batch)])
                writer.write(found)
                self._count(tally, item.source, batch, found)
        return tally

    def _by_text(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        known = index(self.test_files, self.shingle)
        found = match(batch, known)
        jaccard, containment = (found.column(name).to_numpy() for name in ("jaccard", "containment"))
        removed = jaccard > self.threshold
        if self.containment is not None:
            removed |= containment >= self.containment
        items = found.column("item").to_numpy()
        columns = [
            batch.column("id").take(found.column("document")),
            pa.array([known.test_sets[item] for item in items], pa.string()),
            pa.array([known.items[item] for item in items], pa.string()),
            found.column("jaccard"),
            found.column("containment"),
            found.column("longest_run"),
            pa.array(removed),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=CONTAMINATION)

    def _by_title(self, item: Candidates, batch: pa.RecordBatch) -> pa.RecordBatch:
        wanted = self.titles if item.source in self.titled_sources else frozenset()
        rows = [
            {
                "id": id_,
                "test_set": TITLES,
                "item": title,
                "jaccard": 0.0,
                "containment": 0.0,
                "longest_run": 0,
                "removed": True,
            }
            for id_, title in zip(
                batch.column("id").to_pylist(), batch.column("title").to_pylist(), strict=True
            )
            if title in wanted
        ]
        return pa.RecordBatch.from_pylist(rows, CONTAMINATION)

    def _count(self, tally: Tally, source: str, batch: pa.RecordBatch, found: pa.RecordBatch) -> None:
        sizes = text_bytes(batch)
        ids = batch.column("id").to_numpy(zero_copy_only=False)
        found_ids, test_sets = (
            found.column(name).to_numpy(zero_copy_only=False) for name in ("id", "test_set")
        )
        removed = found.column("removed").to_numpy(zero_copy_only=False)
        for name in np.unique(test_sets):
            of_set = test_sets == name
            tally.add_selected(source, "matched", name, _isin(ids, found_ids[of_set]), sizes)
            tally.add_selected(source, "contaminated", name, _isin(ids, found_ids[of_set & removed]), sizes)
        is_kept = ~_isin(ids, found_ids[removed])
        tally.add(source, "kept", "", int(is_kept.sum()), int(sizes[is_kept].sum()))


def _isin(ids: npt.NDArray[np.object_], found: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    return np.isin(ids.astype("U32"), found.astype("U32"))


def run(run: Run) -> int:
    """Match what deduplication left, of every source, against every test set."""
    config = run.config
    known = test_files(run)
    titles: frozenset[str] = frozenset()
    if path := _titles(run):
        titles = frozenset(files.read_bytes(path).decode().splitlines())
    work = Decontaminate(
        run.out,
        known,
        titles,
        frozenset(name for name, source in config.sources.items() if source.kind == "wikipedia"),
        config.decontaminate.threshold,
        config.decontaminate.containment,
        config.decontaminate.shingle,
    )
    parts = candidates.candidates(run.out, list(config.sources))
    records = run.work_on(NAME, parts, work, size=lambda item: item.bytes)
    stored.store(run.out, known)
    matched = {row.key for record in records for row in record.rows if row.figure == "matched"}
    for warning in _unmatched(known, matched, config.decontaminate.shingle):
        run.display.warn(warning)
    return len(parts)


def _unmatched(known: tuple[ItemFile, ...], matched: set[str], shingle: int) -> Iterator[str]:
    """A test set that matches nothing is most often not what it was taken for."""
    for test_file in known:
        if test_file.name not in matched:
            count = sum(1 for _, _, text in items(test_file) if text.strip())
            what = (
                f"no document shares a {shingle}-gram with its {count:,} items"
                if count
                else "it holds no items"
            )
            yield f"test set {test_file.name}: {what}: is {test_file.path} the file, and are its fields right?"


def _titles(run: Run) -> str | None:
    path = run.config.decontaminate.titles
    return path and inputs.existing(run.loaded, path, "decontaminate", "titles")


def test_files(run: Run) -> tuple[ItemFile, ...]:
    """The files of the test sets; raises ConfigError for one that cannot be read."""
    found = []
    for name, value in run.config.decontaminate.test_sets.items():
        test_set = TestSet(path=value) if isinstance(value, str) else value
        path = inputs.existing(run.loaded, test_set.path, "decontaminate", "test_sets", name)
        found.append(_test_file(name, path, test_set))
        collections.deque(items(found[-1]), maxlen=0)  # one that cannot be read stops the run before any work
    return tuple(found)


def _test_file(name: str, path: str, of: TestSet) -> ItemFile:
    return ItemFile(name, path, of.format, tuple(of.text), of.id, files.sha256(path))


def _settings(run: Run) -> dict[str, object]:
    titles = _titles(run)
    return {
        "decontaminate": run.config.decontaminate,
        "test sets": (test_files(run), titles and files.sha256(titles)),
    }


STAGE = Stage(NAME, (deduplicate.NAME,), _settings, ("contaminated",), run)
