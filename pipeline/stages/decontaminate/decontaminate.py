"""The work of decontaminate on one part: finds the documents that hold test items, or whose titles are listed."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.runtime.candidates import Candidates
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages.decontaminate.searches import Search
from massivetext.pipeline.storage import layout, parquet
from massivetext.pipeline.storage.output import Output
from massivetext.schemas.duplicate import CONTAMINATION

TITLES = "titles"  # the name under which matches by title are counted, as if it were a test set


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
