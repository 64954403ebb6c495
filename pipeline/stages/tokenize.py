"""Tokenize: encode what is kept."""

import functools
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import files, kept, layout, parquet
from pipeline.encode import Encoder
from pipeline.kept import Candidates
from pipeline.parts import Output, StageError
from pipeline.stage import Run, Stage
from pipeline.stages import decontaminate, tokenizer
from pipeline.statistics import text_bytes
from pipeline.tally import Tally
from schemas.token import tokens

NAME = "tokenize"


@functools.lru_cache(maxsize=1)
def _encoder(path: str, _sha256: str, seed: int, bos: bool, eos: bool) -> Encoder:
    """One encoder a process; the hash of the model keeps another run's apart."""
    return Encoder(files.read_bytes(path), seed=seed, bos=bos, eos=eos)


@dataclass(frozen=True)
class Tokenize:
    """Works on one part of documents/.

    Figures: tokenized; tokens_squared (the sum over documents); byte_fallback (tokens that stand for single
    bytes); checked (documents encoded by SentencePiece too); of the encoder's words, word_lookups and
    word_misses (none where SentencePiece does all the work).
    """

    out: str
    sha256: str
    seed: int
    bos: bool
    eos: bool

    def __call__(self, item: Candidates, output: Output) -> Tally:
        tally = Tally()
        encoder = self.encoder()
        encoder.restart()
        byte_ids = np.array(sorted(encoder.byte_ids), np.int64)
        schema = tokens(encoder.vocabulary)
        with parquet.writers(output, {layout.tokens(item.source, item.part): schema}) as (writer,):
            for batch in kept.batches(self.out, item, ["id", "text"]):
                encoded = encoder.encode(batch.column("id"), batch.column("text"))
                columns = [batch.column("id"), encoded.cast(schema.field("tokens").type)]
                writer.write(pa.RecordBatch.from_arrays(columns, schema=schema))
                size = int(text_bytes(batch).sum())
                values = encoded.flatten()
                tally.add(item.source, "tokenized", "", batch.num_rows, size, len(values))
                lengths = pc.list_value_length(encoded).to_numpy().astype(np.int64)
                tally.add(item.source, "tokens_squared", "", tokens=int((lengths**2).sum()))
                fallback = int(np.isin(values.to_numpy(), byte_ids).sum())
                tally.add(item.source, "byte_fallback", "", tokens=fallback)
        tally.add(item.source, "checked", "", documents=encoder.checked)
        tally.add(item.source, "word_lookups", "", tokens=encoder.lookups)
        tally.add(item.source, "word_misses", "", tokens=encoder.misses)
        return tally

    def encoder(self) -> Encoder:
        """Raises ValueError where the tokenizer lacks a piece that documents are to begin or end with."""
        path = f"{self.out}/{layout.TOKENIZER}"
        return _encoder(path, self.sha256, self.seed, self.bos, self.eos)


def run(run: Run) -> int:
    """Encode every kept document of every source."""
    items = kept.candidates(run.out, list(run.config.sources))
    if not files.exists(run.path(layout.TOKENIZER)):
        return 0  # nothing was left to train one on
    model = files.sha256(run.path(layout.TOKENIZER))
    mix = run.config.mix
    work = Tokenize(run.out, model, run.config.seed, mix.add_bos, mix.add_eos)
    try:
        work.encoder()  # before all workers say the same
    except ValueError as error:
        raise StageError(f"{NAME}: {error}") from error
    run.work_on(NAME, items, work, size=lambda item: item.bytes)
    return len(items)


def _settings(run: Run) -> dict[str, object]:
    mix = run.config.mix
    return {"seed": run.config.seed, "mix.add_bos": mix.add_bos, "mix.add_eos": mix.add_eos}


STAGE = Stage(NAME, (decontaminate.NAME, tokenizer.NAME), _settings, ("tokens",), run)
