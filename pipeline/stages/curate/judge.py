"""Judge: applies the rules to measured documents. It reads measurements and no texts, so it costs little."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from massivetext.filters.families.family import Mask, Rule
from massivetext.filters.judge import judge, reasons
from massivetext.pipeline.config.rules import Judges
from massivetext.pipeline.runtime.parts import Record, Step, records
from massivetext.pipeline.runtime.steps import Worked
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.curate.figures import count_verdicts
from massivetext.pipeline.storage import layout, parquet
from massivetext.pipeline.storage.output import Output
from massivetext.schemas.verdict import VERDICT

STEP = "curate/judge"


@dataclass(frozen=True)
class Measured:
    """The item of a part: one file of documents/."""

    part: int
    source: str
    documents: str  # the hash of that file


@dataclass(frozen=True)
class Judge:
    """Works on one file of documents/. Figures: those of count_verdicts; candidates, by a hash of the kept ones."""

    out: str = field(repr=False)
    rules: Judges

    def __call__(self, item: Measured, output: Output) -> Tally:
        tally, rules, first = Tally(), self.rules[item.source], 0
        kept = hashlib.sha256(item.documents.encode())
        with parquet.writers(output, {layout.verdicts(item.source, item.part): VERDICT}) as (writer,):
            for batch in _measured(self.out, item.source, item.part, rules):
                broken = judge(batch, rules)
                writer.write(_verdicts(batch, broken, rules))
                count_verdicts(tally, item.source, batch, rules, broken)
                kept.update((np.flatnonzero(~broken.any(axis=1)) + first).tobytes())
                first += batch.num_rows
        documents, size, _ = tally.count(item.source, Figure.KEPT)
        tally.add(item.source, Figure.CANDIDATES, kept.hexdigest(), documents, size)
        return tally

    def settings(self, item: Measured) -> object:
        return self.rules[item.source]


def measured(records: Iterable[Record]) -> Iterator[Measured]:
    """Yields the parts to judge: those of curate with a file of documents. `records` are theirs."""
    for record in records:
        for written in record.files:
            if written.path.startswith("documents/"):
                source, part = layout.source_of(written.path), layout.part_of(written.path)
                yield Measured(part, source, written.sha256)


@dataclass(frozen=True)
class ThenJudge:
    """Makes the worker that measured a part judge it, too."""

    step: Step

    def __call__(self, _: object, record: Record) -> Iterator[tuple[Step, Measured]]:
        for item in measured([record]):
            yield self.step, item


@dataclass(frozen=True)
class PlanJudging:
    """Plans the step for all parts. On a first run ThenJudge has left nothing of it to do."""

    out: str
    step: Step

    def __call__(self) -> Worked:
        return Worked(self.step, list(measured(records(self.out, names.CURATE))))


def verdicts(out: str, source: str, part: int, rules: Sequence[Rule]) -> pa.Table:
    """Returns the verdicts on the documents of a part, and writes nothing."""
    batches = _measured(out, source, part, rules)
    return pa.Table.from_batches((_verdicts(batch, judge(batch, rules), rules) for batch in batches), VERDICT)


def _measured(out: str, source: str, part: int, rules: Sequence[Rule]) -> Iterator[pa.RecordBatch]:
    columns = {"id", "text_bytes", "language", *(column for rule in rules for column in rule.columns)}
    return parquet.batches(f"{out}/{layout.documents(source, part)}", sorted(columns))


def _verdicts(batch: pa.RecordBatch, broken: Mask, rules: Sequence[Rule]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([batch.column("id"), *reasons(broken, rules)], schema=VERDICT)
