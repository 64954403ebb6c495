"""Sample: measures some documents of a part, from which the limits of languages are found.

It reads a part as curate does, before the limits are known. Its files are not part of the run's results.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from massivetext.filters.calibrate import frequent
from massivetext.filters.language.language import Kept, keeps
from massivetext.filters.seeded import order
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.curate.curate import Curate
from massivetext.pipeline.stages.curate.parts import Files
from massivetext.pipeline.storage import layout
from massivetext.pipeline.storage.output import Output
from massivetext.pipeline.storage.parquet import writers
from massivetext.schemas.measurement import MEASUREMENT

STEP = "curate/sample"

EACH = 2000
"""The most documents of a language that are taken from a part: those with the lowest seeded hashes."""

SAMPLED = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("language", pa.string(), nullable=False),
        *MEASUREMENT,
        pa.field(
            "words", pa.list_(pa.string()), nullable=False
        ),  # the frequent words of the language that the document holds
    ]
)


@dataclass(frozen=True)
class Sample:
    """Works on one part: measures its documents, and takes some in each language that is kept."""

    curate: Curate
    kept: Kept
    seed: int

    def __call__(self, item: Files, output: Output) -> Tally:
        held: dict[str, list[pa.RecordBatch]] = {}
        for batch in self._batches(item):
            for language in batch.column("language").unique().to_pylist():
                own = batch.filter(
                    pa.array([label == language for label in batch.column("language").to_pylist()])
                )
                held[language] = [self._least([*held.get(language, []), own])]
        with writers(output, {path(item.part): SAMPLED}) as (writer,):
            for language in sorted(held):
                writer.write(_sampled(item.source, held[language][0]))
        return Tally()

    def settings(self, item: Files) -> object:
        return self.curate.settings(item), self.kept, self.seed

    def reads(self, item: Files) -> object:
        return self.curate.reads(item)

    def _batches(self, item: Files) -> Iterator[pa.RecordBatch]:
        """Yields the measured documents in languages that are kept."""
        for batch in self.curate.measured(item):
            if batch.column("word_count").null_count == 0:
                yield batch.filter(pa.array(keeps(batch, self.kept)))

    def _least(self, batches: list[pa.RecordBatch]) -> pa.RecordBatch:
        """Returns the EACH documents with the lowest hashes."""
        batch = pa.concat_batches(batches)
        if len(batch) <= EACH:
            return batch
        hashes = order(batch.column("id"), self.seed, STEP)
        return batch.take(pa.array(np.sort(np.argsort(hashes, kind="stable")[:EACH])))


def path(part: int) -> str:
    """Returns the file of a part's sample."""
    return layout.work(names.CURATE, f"sample-{part:05d}.parquet")


def _sampled(source: str, batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = {name: batch.column(name) for name in ("language", *MEASUREMENT.names)}
    columns["source"] = pa.repeat(source, len(batch))
    columns["words"] = pa.array(frequent(batch.column("text")), pa.list_(pa.string()))
    return pa.RecordBatch.from_arrays([columns[name] for name in SAMPLED.names], schema=SAMPLED)
