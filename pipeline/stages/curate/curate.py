"""Curate: read -> extract -> measure. Text in, documents with all measurements out."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from massivetext.filters import families
from massivetext.filters.families.family import Mask
from massivetext.filters.judge import judge
from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.filters.measure.code import measure_code
from massivetext.filters.measure.measure import measure
from massivetext.filters.measure.readings import measure_readings
from massivetext.filters.measure.stop_words import ENGLISH, StopWords
from massivetext.pipeline.config.rules import Judges
from massivetext.pipeline.read import kept_columns
from massivetext.pipeline.read.batches import read
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.settings import Columns, Limits
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages.curate.content import Content
from massivetext.pipeline.stages.curate.figures import count_failures, count_measured, count_skipped
from massivetext.pipeline.stages.curate.languages import Languages
from massivetext.pipeline.stages.curate.parts import Files
from massivetext.pipeline.stages.curate.placed import placed
from massivetext.pipeline.storage import layout
from massivetext.pipeline.storage.output import Output
from massivetext.pipeline.storage.parquet import writers
from massivetext.schemas.document import DOCUMENT, LANGUAGE
from massivetext.schemas.failure import FAILURE
from massivetext.schemas.measurement import CODE, MEASUREMENT, READINGS


@dataclass(frozen=True)
class Curate:
    """Works on one part. `rules` say where in its file a document is placed, and whether readings are measured.

    Figures: those of count_measured; input (files that begin here, and bytes on disk); failed; skipped.
    """

    rules: Judges = field(repr=False)
    columns: dict[str, Columns]
    contents: dict[str, Content]
    limits: Limits
    languages: Languages
    count_first: bool  # whether the first copy of a duplicate line or paragraph counts as one
    stop_words: StopWords = ENGLISH

    def __call__(self, item: Files, output: Output) -> Tally:
        tally, source = Tally(), item.source
        begun = sum(origin.span.holds(0) for origin in item.origins)
        tally.add(source, Figure.INPUT, "", begun, sum(origin.bytes for origin in item.origins))
        schema = self._schema(source)
        tables = {layout.documents(source, item.part): schema, layout.failed(item.part): FAILURE}
        with writers(output, tables) as (documents, failed), placed(documents) as place:
            for reading in read(source, item.kind, item.origins, self.limits, self.columns[source]):
                failed.write(reading.failures)
                count_failures(tally, source, reading.failures)
                count_skipped(tally, source, reading.skipped)
                if reading.documents.num_rows:
                    batch = self._measure(reading.documents, item)
                    count_measured(tally, source, batch)
                    is_removed: Mask = np.any(judge(batch, self.rules[source]), axis=1)
                    place.write(batch, is_removed)
        return tally

    def settings(self, item: Files) -> object:
        own = self.columns[item.source], self.contents[item.source]
        readings = self._reads(item.source)
        return own, self.limits, self.languages, self.count_first, self.stop_words, readings

    def _reads(self, source: str) -> bool:
        """Whether a rule of the source judges by a reading: only then are they measured."""
        return any(rule.name in READINGS.names for rule in self.rules[source])

    def reads(self, item: Files) -> object:
        held = [(origin.name, origin.span, origin.content(), origin.records) for origin in item.origins]
        return item.part, item.source, item.kind, held

    def measured(self, item: Files) -> Iterator[pa.RecordBatch]:
        """The measured documents of a part, of which nothing is written."""
        for reading in read(item.source, item.kind, item.origins, self.limits, self.columns[item.source]):
            if reading.documents.num_rows:
                yield self._measure(reading.documents, item)

    def _schema(self, source: str) -> pa.Schema:
        """The columns of a source's documents: the measured ones, then those that are kept of its own."""
        return pa.schema([*families.DOCUMENTS, *kept_columns.schema(self.columns[source])])

    def _measure(self, documents: pa.RecordBatch, item: Files) -> pa.RecordBatch:
        content = self.contents[item.source]
        documents, masked = content.rewrite(documents)
        if not KINDS[item.kind].is_prose:
            measured = [*_nulls(documents, LANGUAGE, MEASUREMENT, READINGS), *measure_code(documents).columns]
        else:
            language = self.languages.identify(documents)
            labelled = documents.append_column("language", language.column("language"))
            measurement = measure(labelled, count_first=self.count_first, stop_words=self.stop_words)
            readings = (
                measure_readings(labelled, self.stop_words).columns
                if self._reads(item.source)
                else _nulls(documents, READINGS)
            )
            measured = [*language.columns, *measurement.columns, *readings, *_nulls(documents, CODE)]
        measured += [
            *content.measure(documents),
            *masked,
            content.listed(documents),
            *families.measure(documents),
        ]
        sizes = pa.array(text_bytes(documents))
        read, kept = documents.columns[: len(DOCUMENT)], documents.columns[len(DOCUMENT) :]
        return pa.RecordBatch.from_arrays([*read, sizes, *measured, *kept], schema=self._schema(item.source))


def _nulls(documents: pa.RecordBatch, *schemas: pa.Schema) -> list[pa.Array]:
    return [pa.nulls(documents.num_rows, field.type) for schema in schemas for field in schema]
