"""The work of curate on one part: read -> extract -> measure. Writes documents with all measurements."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

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
from massivetext.pipeline.read.batches import Reading, read
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.settings import Columns, Limits, Pages
from massivetext.pipeline.runtime.doing import has_come_to
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages.curate.content import Content
from massivetext.pipeline.stages.curate.figures import count_failures, count_measured, count_skipped
from massivetext.pipeline.stages.curate.languages import Languages
from massivetext.pipeline.stages.curate.parts import Files
from massivetext.pipeline.stages.curate.placed import placed
from massivetext.pipeline.stages.curate.unmeasured import unmeasured
from massivetext.pipeline.storage import layout
from massivetext.pipeline.storage.output import Output
from massivetext.pipeline.storage.parquet import writers
from massivetext.schemas.document import DOCUMENT, LANGUAGE
from massivetext.schemas.failure import FAILURE
from massivetext.schemas.measurement import CODE, MEASUREMENT, READINGS


@dataclass(frozen=True)
class Curate:
    """Works on one part. `rules` decide where in its file a document is placed, and whether readings are measured.

    Figures: those of count_measured; input (files that begin in this part, and bytes on disk); failed; skipped.
    """

    rules: Judges = field(repr=False)
    columns: dict[str, Columns]
    contents: dict[str, Content]
    pages: dict[str, Pages]
    limits: Limits
    languages: Languages
    count_first: bool  # whether the first copy of a line or paragraph counts as a duplicate
    stop_words: StopWords = ENGLISH
    plugins: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # for each source, the code of the plugins that it depends on

    def __call__(self, item: Files, output: Output) -> Tally:
        tally, source = Tally(), item.source
        begun = sum(origin.span.holds(0) for origin in item.origins)
        tally.add(source, Figure.INPUT, "", begun, sum(origin.bytes for origin in item.origins))
        schema = self._schema(source)
        tables = {layout.documents(source, item.part): schema, layout.failed(item.part): FAILURE}
        with writers(output, tables) as (documents, failed), placed(documents) as place:
            for reading in self._read(item):
                failed.write(reading.failures)
                count_failures(tally, source, reading.failures)
                count_skipped(tally, source, reading.skipped)
                if reading.documents.num_rows:
                    first = reading.documents.slice(0, 1).select(["origin_file", "origin_offset"]).to_pylist()
                    has_come_to("byte {origin_offset} of {origin_file}".format(**first[0]))
                    batch, failures = self._measure(reading.documents, item)
                    failed.write(failures)
                    count_failures(tally, source, failures)
                    count_measured(tally, source, batch)
                    is_removed: Mask = np.any(judge(batch, self.rules[source]), axis=1)
                    place.write(batch, is_removed)
        return tally

    def settings(self, item: Files) -> object:
        own = self.columns[item.source], self.contents[item.source], self.pages[item.source]
        readings, plugins = self._reads(item.source), self.plugins.get(item.source, ())
        return own, self.limits, self.languages, self.count_first, self.stop_words, readings, plugins

    def _read(self, item: Files) -> Iterator[Reading]:
        columns, pages = self.columns[item.source], self.pages[item.source]
        return read(item.source, item.kind, item.origins, self.limits, columns, pages)

    def _reads(self, source: str) -> bool:
        """Whether a rule of the source judges a reading. Only then are readings measured."""
        return any(rule.name in READINGS.names for rule in self.rules[source])

    def reads(self, item: Files) -> object:
        held = [
            (origin.name, origin.span, origin.content(), origin.records, origin.sample)
            for origin in item.origins
        ]
        return item.part, item.source, item.kind, held

    def measured(self, item: Files) -> Iterator[pa.RecordBatch]:
        """Yields the measured documents of a part, and writes nothing."""
        for reading in self._read(item):
            if reading.documents.num_rows:
                yield self._measure(reading.documents, item)[0]

    def _schema(self, source: str) -> pa.Schema:
        """Returns the columns of a source's documents: the measured ones, then those that it keeps from its records."""
        return pa.schema([*families.documents(), *kept_columns.schema(self.columns[source])])

    def _measure(self, documents: pa.RecordBatch, item: Files) -> tuple[pa.RecordBatch, pa.RecordBatch]:
        """Returns the measured documents, and failures for those that a plugin could not rewrite or measure."""
        content = self.contents[item.source]
        documents, taken = families.rewrite(content.asked(documents), content.rewriters)
        documents, masked = content.rewrite(documents)
        is_prose = KINDS[item.kind].is_prose
        language = self.languages.identify(documents).columns if is_prose else _nulls(documents, LANGUAGE)
        labelled = documents.append_column("language", language[0])
        own = families.measure(labelled)
        if failed := {**own.failed, **taken.failed}:
            failures, is_whole = unmeasured(documents, failed, item.source)
            documents, labelled = documents.filter(is_whole), labelled.filter(is_whole)
            language, masked, own_columns, taken_columns = (
                [column.filter(is_whole) for column in columns]
                for columns in (language, masked, own.columns, taken.columns)
            )
        else:
            failures, own_columns, taken_columns = _NO_FAILURE, own.columns, taken.columns
        measured = [
            *language,
            *(self._measure_prose(labelled, item.source) if is_prose else _measure_code(documents)),
            *content.measure(documents),
            *masked,
            content.listed(documents),
            *_family_columns(
                documents, own_columns, dict(zip(content.rewriters, taken_columns, strict=True))
            ),
        ]
        sizes = pa.array(text_bytes(documents))
        read, kept = documents.columns[: len(DOCUMENT)], documents.columns[len(DOCUMENT) :]
        batch = pa.RecordBatch.from_arrays([*read, sizes, *measured, *kept], schema=self._schema(item.source))
        return batch, failures

    def _measure_prose(self, labelled: pa.RecordBatch, source: str) -> list[pa.Array]:
        measurement = measure(labelled, count_first=self.count_first, stop_words=self.stop_words)
        readings = (
            measure_readings(labelled, self.stop_words).columns
            if self._reads(source)
            else _nulls(labelled, READINGS)
        )
        return [*measurement.columns, *readings, *_nulls(labelled, CODE)]


_NO_FAILURE = pa.RecordBatch.from_pylist([], FAILURE)


def _measure_code(documents: pa.RecordBatch) -> list[pa.Array]:
    return [*_nulls(documents, MEASUREMENT, READINGS), *measure_code(documents).columns]


def _family_columns(
    documents: pa.RecordBatch, measured: list[pa.Array], taken: dict[str, pa.Array]
) -> Iterator[pa.Array]:
    """Yields the columns of filters.families.columns(): what families measured, and what they took from texts."""
    rest = iter(measured)
    for name, family in families.FAMILIES.items():
        yield from islice(rest, len(family.schema))
        if family.rewrite:
            yield taken.get(name, pa.nulls(documents.num_rows, pa.int64()))


def _nulls(documents: pa.RecordBatch, *schemas: pa.Schema) -> list[pa.Array]:
    return [pa.nulls(documents.num_rows, field.type) for schema in schemas for field in schema]
