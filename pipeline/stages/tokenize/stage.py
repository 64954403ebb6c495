"""The stage tokenize: encodes the kept documents."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.pipeline.config.tokenizer import Tokenizer as TokenizerSettings
from massivetext.pipeline.plugins.use import code_of
from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.runtime.candidates import Candidates
from massivetext.pipeline.runtime.for_a_step import kept_for_a_step
from massivetext.pipeline.runtime.parts import StageError, Step, records
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.steps import Planned, Worked
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.tokenize.encode import Encoder
from massivetext.pipeline.stages.tokenize.fill import FillInTheMiddle, Signs
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.storage.output import Output
from massivetext.pipeline.tokenizers.open import tokenizer_of_run
from massivetext.schemas.token import tokens

NAME = names.TOKENIZE
_PIECE = 1 << 20  # tokens
_AFTER = (names.CURATE, names.DEDUPLICATE, names.DECONTAMINATE, names.TOKENIZER)


@kept_for_a_step
def _encoder(out: str, settings: str, _apart: tuple[str, ...], seed: int, bos: bool, eos: bool) -> Encoder:
    """Returns the encoder, built once in each process. The hash of the model and the code of plugins distinguish runs
    in the cache. The settings are JSON, because their lists cannot be hashed."""
    tokenizer = tokenizer_of_run(out, TokenizerSettings.model_validate_json(settings))
    return Encoder(tokenizer, seed=seed, bos=bos, eos=eos)


@dataclass(frozen=True)
class Tokenize:
    """Works on one part of documents/.

    Figures: tokenized; tokens_squared (the sum of squares over documents); byte_fallback (tokens for single bytes);
    unknown (tokens for text that the tokenizer cannot spell); rearranged (documents for fill-in-the-middle); checked
    (documents that the tokenizer's library encoded, too); word_lookups and word_misses (of the fast encoder's table).
    """

    out: str = field(repr=False)
    tokenizer: TokenizerSettings
    sha256: str
    seed: int
    bos: bool
    eos: bool
    plugins: tuple[str, ...] = ()  # the code of the plugin that brings the tokenizer
    filled: tuple[str, ...] = ()  # sources whose documents are rearranged for fill-in-the-middle

    def __call__(self, item: Candidates, output: Output) -> Tally:
        tally = Tally()
        encoder = self.encoder()
        encoder.restart()
        is_byte = np.isin(np.arange(encoder.tokenizer.size), sorted(encoder.tokenizer.byte_ids))
        schema = tokens(encoder.tokenizer.size)
        fill = self.fill() if item.source in self.filled else None
        with parquet.writers(output, {layout.tokens(item.source, item.part): schema}) as (writer,):
            for batch in candidates.batches(self.out, item, ["id", "text"]):
                encoded = (fill or encoder).encode(batch.column("id"), batch.column("text"))
                ids, size = batch.column("id"), int(text_bytes(batch).sum())
                del batch  # a long document's text is not needed while its tokens are written
                lengths, values = pc.list_value_length(encoded), encoded.flatten()
                columns = [ids, lengths, encoded.cast(schema.field("tokens").type)]
                writer.write(pa.RecordBatch.from_arrays(columns, schema=schema))
                tally.add(item.source, Figure.TOKENIZED, "", len(ids), size, len(values))
                squares = lengths.to_numpy().astype(np.int64) ** 2
                tally.add(item.source, Figure.TOKENS_SQUARED, "", tokens=int(squares.sum()))
                fallback = sum(int(is_byte[piece].sum()) for piece in _pieces(values.to_numpy()))
                tally.add(item.source, Figure.BYTE_FALLBACK, "", tokens=fallback)
                unknown = int((values.to_numpy() == encoder.tokenizer.unknown).sum())
                tally.add(item.source, Figure.UNKNOWN, "", tokens=unknown)
        if fill:
            tally.add(item.source, Figure.REARRANGED, "", documents=fill.rearranged)
        tally.add(item.source, Figure.CHECKED, "", documents=encoder.checked)
        tally.add(item.source, Figure.WORD_LOOKUPS, "", tokens=encoder.lookups)
        tally.add(item.source, Figure.WORD_MISSES, "", tokens=encoder.misses)
        return tally

    def encoder(self) -> Encoder:
        """Returns the encoder. Raises ValueError if the tokenizer lacks the BOS or EOS that is asked for."""
        return _encoder(
            self.out,
            self.tokenizer.model_dump_json(),
            (self.sha256, *self.plugins),
            self.seed,
            self.bos,
            self.eos,
        )

    def fill(self) -> FillInTheMiddle:
        """Returns the encoder that rearranges some documents."""
        from massivetext.pipeline.tokenizers.huggingface import HuggingFace

        encoder, settings = self.encoder(), self.tokenizer.fill_in_the_middle
        assert isinstance(encoder.tokenizer, HuggingFace)
        assert settings is not None
        return FillInTheMiddle(
            encoder, Signs(*encoder.tokenizer.filling()), settings.rate, settings.suffix_first
        )


def _pieces(values: npt.NDArray[np.unsignedinteger]) -> Iterator[npt.NDArray[np.unsignedinteger]]:
    """Yields an array in pieces, so that what is computed of each stays small beside the array."""
    for start in range(0, len(values), _PIECE):
        yield values[start : start + _PIECE]


@dataclass(frozen=True)
class PlanEncoding:
    """Plans the step, once the tokenizer is there. The hash of `work` is that of the tokenizer."""

    work: Tokenize
    sources: tuple[str, ...]

    @property
    def path(self) -> str:
        """The tokenizer of the run."""
        return posixpath.join(self.work.out, layout.tokenizer(self.work.tokenizer.is_json))

    def hashed(self) -> Tokenize:
        """Returns the work with the hash of the tokenizer."""
        return replace(self.work, sha256=files.sha256(self.path))

    def __call__(self) -> Worked:
        items = candidates.candidates(self.work.out, self.sources, _AFTER[1:3])
        return Worked(Step.of(NAME, self.hashed()), items, size=lambda item: item.bytes)


def run(run: Run) -> int:
    """Encode every kept document of every source."""
    plan = _plan(run)
    if not files.exists(plan.path):
        return 0  # there was no text to train a tokenizer on
    try:
        encoder = plan.hashed().encoder()  # to raise an error here, and not in every worker
    except ValueError as error:
        raise StageError(f"{NAME}: {error}") from error
    if encoder.fast is None:
        run.display.note(
            f"{NAME}: the tokenizer's own library encodes all text, which is slow: {encoder.why_slow}"
        )
    with run.together(NAME, is_last=True):
        run.plan(Planned(NAME, plan))
    found = list(records(run.out, NAME))
    _warn_of_unknown(run, Tally.of(row for record in found for row in record.rows))
    return len(found)


def _plan(run: Run) -> PlanEncoding:
    settings, mix = run.config.tokenizer, run.config.mix
    work = Tokenize(
        run.out,
        settings.model_copy(update={"compare": None}),  # no ids depend on it
        "",
        run.config.seed,
        mix.add_bos,
        mix.add_eos,
        code_of("tokenizers", [settings.kind or ""]),
        tuple(run.config.filled),
    )
    return PlanEncoding(work, tuple(run.config.sources))


def _warn_of_unknown(run: Run, tally: Tally) -> None:
    for source in run.config.sources:
        unknown, tokens = (
            tally.count(source, Figure.UNKNOWN).tokens,
            tally.count(source, Figure.TOKENIZED).tokens,
        )
        if unknown:
            run.display.warn(
                f"tokenize: {unknown:,} of {tokens:,} tokens of {source} are unknown: they replace text that the "
                "tokenizer cannot spell"
            )


def _settings(run: Run) -> dict[str, object]:
    mix, tokenizer = run.config.mix, run.config.tokenizer
    return {
        "seed": run.config.seed,
        "mix.add_bos": mix.add_bos,
        "mix.add_eos": mix.add_eos,
        "plugins": code_of("tokenizers", [tokenizer.kind or ""]),
        "tokenizer.bos": tokenizer.bos,
        "tokenizer.eos": tokenizer.eos,
        "tokenizer.fill_in_the_middle": (tokenizer.fill_in_the_middle, run.config.filled),
    }


STAGE = Stage(
    NAME,
    _AFTER,
    _settings,
    ("tokens",),
    run,
    Tokenize.__module__,
    first=lambda run: [Planned(NAME, _plan(run))],
    is_planned=True,
)
