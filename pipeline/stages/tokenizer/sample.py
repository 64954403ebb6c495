"""The sample of the kept documents on which a tokenizer is trained, by the tokenizer's weights."""

import math
from dataclasses import dataclass, field

import pyarrow as pa

from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.filters.seeded import order, share_of
from massivetext.pipeline.config.tokenizer import Train
from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.runtime.candidates import Candidates
from massivetext.pipeline.runtime.parts import Step, rows
from massivetext.pipeline.runtime.steps import Worked
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.storage import layout, parquet
from massivetext.pipeline.storage.output import Output

STEP = "tokenizer/sample"
_TEXT = pa.schema([pa.field("text", pa.string(), nullable=False)])
_HASHED = pa.schema([("order", pa.uint64()), pa.field("id", pa.string(), nullable=False), *_TEXT])
_ROWS = 1000  # in a row group of the sample


def _sample_of(part: int) -> str:
    return layout.work(STEP, f"part-{part:08x}.parquet")


@dataclass(frozen=True)
class Sample:
    """Works on one part of documents/: takes documents at the rate of their source, by a seeded hash and in its order.

    So the sample does not depend on where documents stand in their file. Its text is held in memory; all samples
    together have about `sample_bytes`.
    """

    out: str = field(repr=False)
    seed: int
    rates: dict[str, float]

    def __call__(self, item: Candidates, output: Output) -> Tally:
        tally, found = Tally(), [_HASHED.empty_table()]
        for batch in candidates.batches(self.out, item, ["id", "text"]):
            hashes = order(batch.column("id"), self.seed, "tokenizer sample")
            is_taken = share_of(hashes, self.rates[item.source]) & (text_bytes(batch) > 0)
            taken = batch.append_column("order", pa.array(hashes)).filter(pa.array(is_taken))
            found.append(pa.Table.from_batches([taken.select(_HASHED.names)]))
            tally.add(item.source, Figure.SAMPLED, "", taken.num_rows, int(text_bytes(taken).sum()))
        ordered = pa.concat_tables(found).sort_by([("order", "ascending"), ("id", "ascending")])
        with parquet.writers(output, {_sample_of(item.part): _TEXT}) as (writer,):
            for batch in ordered.select(["text"]).to_batches(max_chunksize=_ROWS):
                writer.write(batch)
        return tally

    def settings(self, item: Candidates) -> object:
        return self.seed, self.rates[item.source]


@dataclass(frozen=True)
class PlanSampling:
    """Plans the step, for documents that deduplicate and decontaminate left."""

    out: str
    seed: int
    sources: tuple[str, ...]
    settings: Train

    def __call__(self) -> Worked:
        items = candidates.candidates(self.out, self.sources, (names.DEDUPLICATE, names.DECONTAMINATE))
        work = Sample(self.out, self.seed, self._rates())
        return Worked(Step.of(STEP, work), items, size=lambda item: item.bytes)

    def _rates(self) -> dict[str, float]:
        """Returns the share of each source's documents to sample, so that their bytes are in proportion to the weights.

        The tokenizer has its own weights, so that a change of the mix's weights needs no other tokenizer. Shares are
        rounded down, by 6 % at most, so that they and the sample stay the same if the run keeps a little more or less.
        """
        tally = Tally.of(rows(self.out, names.DECONTAMINATE))
        weights = self.settings.weights or dict.fromkeys(self.sources, 1.0)
        total, rates = sum(weights.values()), {}
        for name in self.sources:
            size = tally.count(name, Figure.KEPT).bytes
            wanted = weights.get(name, 0.0) / total * self.settings.sample_bytes
            rates[name] = _rounded(min(1.0, wanted / size)) if size else 0.0
        return rates


def _rounded(rate: float) -> float:
    """The rate, rounded down to one of 16 steps between a power of two and the next."""
    mantissa, exponent = math.frexp(rate)
    return math.ldexp(math.floor(mantissa * 32) / 32, exponent)
