"""The stage decontaminate: finds documents that hold test items. The test sets are in memory; documents stream by."""

import collections
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.pipeline.config import inputs
from massivetext.pipeline.config.decontaminate import TestSet
from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.runtime.candidates import Candidates
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.decontaminate import canaries, rarity
from massivetext.pipeline.stages.decontaminate.searches import (
    REMOVED,
    DocumentCopies,
    EmbeddedItems,
    Search,
    matcher,
)
from massivetext.pipeline.stages.decontaminate.test_sets import packs, stored
from massivetext.pipeline.stages.decontaminate.test_sets.item_file import ItemFile
from massivetext.pipeline.stages.decontaminate.test_sets.read import items
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.storage.output import Output
from massivetext.schemas.duplicate import CONTAMINATION

NAME = names.DECONTAMINATE
TITLES = "titles"  # the name under which matches by title are counted, as if it were a test set
FEW_FOUND = 0.9  # of the canaries


@dataclass(frozen=True)
class Decontaminate:
    """Works on one part of documents/.

    Figures: matched and contaminated (removed) by test set; kept.
    """

    out: str = field(repr=False)
    titles: frozenset[str]
    titled_sources: frozenset[str]
    search: Search | None  # None without test sets

    def __call__(self, item: Candidates, output: Output) -> Tally:
        tally = Tally()
        tables = {layout.contaminated(item.part): CONTAMINATION}
        with parquet.writers(output, tables) as (writer,):
            gone = candidates.duplicates(self.out, item.part)
            for batch in candidates.without(self.out, item, ["id", "title", "text"], gone):
                found = pa.concat_batches(self._found(item, batch))
                writer.write(found)
                self._count(tally, item.source, batch, found)
        return tally

    def _found(self, item: Candidates, batch: pa.RecordBatch) -> list[pa.RecordBatch]:
        by_title = self._by_title(item, batch)
        return [self.search(batch), by_title] if self.search else [by_title]

    def _by_title(self, item: Candidates, batch: pa.RecordBatch) -> pa.RecordBatch:
        wanted = self.titles if item.source in self.titled_sources else frozenset()
        found = {"test_set": TITLES, "role": "title", "containment": 0.0, "longest_run": 0, "removed": True}
        rows = [
            {"id": id_, "item": title, **found}
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
            tally.add_selected(source, Figure.MATCHED, name, _isin(ids, found_ids[of_set]), sizes)
            tally.add_selected(
                source, Figure.CONTAMINATED, name, _isin(ids, found_ids[of_set & removed]), sizes
            )
        is_kept = ~_isin(ids, found_ids[removed])
        tally.add(source, Figure.KEPT, "", int(is_kept.sum()), int(sizes[is_kept].sum()))


def _isin(ids: npt.NDArray[np.object_], found: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    return np.isin(ids.astype("U32"), found.astype("U32"))


def run(run: Run) -> int:
    """Match the documents of every source that deduplication left with every test set."""
    config = run.config
    known = test_files(run)
    titles: frozenset[str] = frozenset()
    if path := _titles(run):
        titles = frozenset(files.read_bytes(path).decode().splitlines())
    parts = candidates.candidates(run.out, list(config.sources), after=[names.DEDUPLICATE])
    sample = rarity.sample(parts, config.seed)
    search = _search(run, sample, known) if known else None
    work = Decontaminate(
        run.out,
        titles,
        frozenset(name for name, source in config.sources.items() if source.kind == "wikipedia"),
        search,
    )
    with run.together(NAME):
        if search:
            canaries.release(run, sample, known, search)
        run.work_on(NAME, parts, work, size=lambda item: item.bytes)
    run.keep(stored.store(run.out, known))
    matched = {row.key for row in rows(run.out, NAME) if row.figure == Figure.MATCHED}
    for warning in _empty(known, matched):
        run.display.warn(warning)
    if search:
        for warning in _unsearched(run, known, search):
            run.display.warn(warning)
        for warning in _missed(canaries.found(run.out)):
            run.display.warn(warning)
    return len(parts)


def _search(run: Run, sample: Sequence[Candidates], known: tuple[ItemFile, ...]) -> Search:
    of = run.config.decontaminate
    if of.remove in REMOVED:
        return EmbeddedItems(run.out, known, REMOVED[of.remove], rarity.measure(run, sample, known))
    return DocumentCopies(known, of.threshold, of.containment, of.shingle)


def _empty(known: tuple[ItemFile, ...], matched: set[str]) -> Iterator[str]:
    """Yields a warning for each test set without an item: its path or its fields are probably wrong."""
    for test_file in known:
        if test_file.name not in matched and not any(item.text.strip() for item in items(test_file)):
            path = test_file.path
            yield f"test set {test_file.name}: {path} holds no items: check the path, and the fields that are named"


def _unsearched(run: Run, known: tuple[ItemFile, ...], search: Search) -> Iterator[str]:
    """Yields a warning for each test set with questions that are too short or too common to be searched for."""
    if not isinstance(search, EmbeddedItems):
        return
    found = matcher(run.out, known, search.counts)
    questions: dict[str, list[bool]] = {}
    for part, is_searched in zip(found.items.parts, found.is_searched.tolist(), strict=True):
        if part.role == "question":
            questions.setdefault(part.test_set, []).append(is_searched)
    for name, searched in questions.items():
        if left := searched.count(False):
            yield (
                f"test set {name}: {left:,} of {len(searched):,} questions are not searched for: they are too short, "
                "or too much like other text in these documents"
            )


def _missed(found: dict[str, tuple[int, int]]) -> Iterator[str]:
    """Yields a warning if the search misses many of the canaries."""
    low = [f"{form} {hits} of {tried}" for form, (tried, hits) in found.items() if hits < FEW_FOUND * tried]
    if low:
        yield (
            "decontaminate found too few of the test items that it put into copies of this run's documents: "
            f"{', '.join(low)}. The report has all forms (`remove: document copies` finds no embedded item)"
        )


def _titles(run: Run) -> str | None:
    path = run.config.decontaminate.titles
    return path and inputs.existing(run.loaded, path, "decontaminate", "titles")


def test_files(run: Run) -> tuple[ItemFile, ...]:
    """Returns the files of the test sets. Raises ConfigError if one cannot be read."""
    found = []
    for name, value in run.config.decontaminate.test_sets.items():
        test_set = TestSet(path=value) if isinstance(value, str) else value
        path = inputs.existing(run.loaded, test_set.path, "decontaminate", "test_sets", name)
        found.append(packs.item_file(name, path, test_set, files.sha256(path)))
        collections.deque(
            items(found[-1]), maxlen=0
        )  # reads the file, so that an error stops the run before any work
    return tuple(found)


def _settings(run: Run) -> dict[str, object]:
    titles = _titles(run)
    return {
        "seed": run.config.seed,
        "decontaminate": run.config.decontaminate.model_dump(exclude={"test_sets", "titles"}),
        "test sets": (test_files(run), titles and files.sha256(titles)),
    }


STAGE = Stage(NAME, (names.CURATE, names.DEDUPLICATE), _settings, ("contaminated",), run)
