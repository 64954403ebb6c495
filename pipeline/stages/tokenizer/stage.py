"""The stage tokenizer: sample -> train, or load. The sample is of the kept documents, by the tokenizer's weights."""

import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.filters.seeded import order, share_of
from massivetext.pipeline.config import inputs
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.tokenizer import Train
from massivetext.pipeline.plugins.use import code_of
from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.runtime.candidates import Candidates
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.tokenizer import byte_level
from massivetext.pipeline.stages.tokenizer.train import VocabularyError, train
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.storage.output import Output
from massivetext.pipeline.tokenizers.open import open_tokenizer
from massivetext.pipeline.tokenizers.sentencepiece_json import as_tokenizer_json
from massivetext.pipeline.tokenizers.sentencepiece_model import read

NAME = names.TOKENIZER
_SAMPLE = "tokenizer/sample"
_AFTER = (names.CURATE, names.DEDUPLICATE, names.DECONTAMINATE)
_TEXT = pa.schema([pa.field("text", pa.string(), nullable=False)])
_HASHED = pa.schema([("order", pa.uint64()), pa.field("id", pa.string(), nullable=False), *_TEXT])
_ROWS = 1000  # in a row group of the sample


def _sample_of(part: int) -> str:
    return layout.work(_SAMPLE, f"part-{part:08x}.parquet")


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
class Training:
    """The only item of the step that trains: the files of the samples in the order of their hashes, and the settings.

    The key of the step holds the hashes but not the names, so equal samples train nothing again.
    """

    samples: tuple[str, ...] = field(repr=False)
    hashes: tuple[str, ...]
    settings: Train
    part: int = 0


@dataclass(frozen=True)
class TrainModel:
    """Trains on the samples, in one worker, since the trainers have one thread.

    Writes tokenizer.json and, for SentencePiece, tokenizer.model. Figure: vocabulary_reduced, if the text cannot give
    as many tokens as asked for; its key is the size of the vocabulary.
    """

    out: str = field(repr=False)

    def __call__(self, item: Training, output: Output) -> Tally:
        def texts() -> Iterator[str]:
            for path in item.samples:
                for batch in parquet.batches(f"{self.out}/{path}"):
                    yield from batch.column("text").to_pylist()

        settings, tally = item.settings, Tally()
        if settings.kind == "byte_level":
            made, size = byte_level.train(
                texts(), settings.vocabulary, settings.split or "gpt4o", settings.digits
            )
        else:
            model, size = _sentencepiece(texts, settings.vocabulary)
            made = as_tokenizer_json(read(model))
            with output.file(layout.tokenizer(is_json=False)) as stream:
                stream.write(model)
        with output.file(layout.tokenizer(is_json=True)) as stream:
            stream.write(made)
        if size < settings.vocabulary:
            tally.add("", Figure.VOCABULARY_REDUCED, str(size))
        return tally


def _sentencepiece(texts: Callable[[], Iterator[str]], vocabulary: int) -> tuple[bytes, int]:
    """Train a SentencePiece model. Returns it and its size: for a small corpus, the largest that it can give."""
    try:
        return train(texts(), vocabulary), vocabulary
    except VocabularyError as error:
        if error.most is None:
            raise
        return train(texts(), error.most), error.most


def run(run: Run) -> int:
    """Train a tokenizer on a weighted sample, or copy the configured one."""
    training = run.config.tokenizer.training
    if training is None:
        name = layout.tokenizer(run.config.tokenizer.is_json)
        run.keep(files.write_bytes(run.out, name, files.read_bytes(_model(run))))
        return 0
    items = candidates.candidates(run.out, list(run.config.sources), _AFTER[1:])
    rates = _rates(run, training)
    work = Sample(run.out, run.config.seed, rates)
    sampled = run.work_on(_SAMPLE, items, work, size=lambda item: item.bytes)
    found = sorted((written.sha256, written.path) for record in sampled for written in record.files)
    if not found:
        run.display.warn(
            "tokenizer: no document is kept, so there is no text to train on, and there will be no tokens"
        )
        return 0
    hashes, paths = zip(*found, strict=True)
    [record] = run.work_on(NAME, [Training(paths, hashes, training)], TrainModel(run.out))
    for row in record.rows:
        run.display.warn(
            f"tokenizer: the text is enough for a vocabulary of {row.key} tokens, not {training.vocabulary}"
        )
    return len(items)


def _rates(run: Run, training: Train) -> dict[str, float]:
    """Returns the share of each source's documents to sample, so that their bytes are in proportion to the weights.

    The tokenizer has its own weights, so that a change of the mix's weights needs no other tokenizer. Shares are
    rounded down, by 6 % at most, so that they and the sample stay the same if the run keeps a little more or less.
    """
    tally = Tally.of(rows(run.out, names.DECONTAMINATE))
    weights = training.weights or dict.fromkeys(run.config.sources, 1.0)
    total, rates = sum(weights.values()), {}
    for name in run.config.sources:
        size = tally.count(name, Figure.KEPT).bytes
        wanted = weights.get(name, 0.0) / total * training.sample_bytes
        rates[name] = _rounded(min(1.0, wanted / size)) if size else 0.0
    return rates


def _rounded(rate: float) -> float:
    """The rate, rounded down to one of 16 steps between a power of two and the next."""
    mantissa, exponent = math.frexp(rate)
    return math.ldexp(math.floor(mantissa * 32) / 32, exponent)


def _model(run: Run) -> str:
    model = run.config.tokenizer.model
    assert model is not None, "only asked for where a model is configured"
    return inputs.existing(run.loaded, model, "tokenizer", "model")


def _fingerprint(run: Run) -> str | None:
    """Returns the SHA-256 of the configured model. Raises ConfigError if it is none, or lacks a token of the mix."""
    if run.config.tokenizer.model is None:
        return None
    path, mix = _model(run), run.config.mix
    model = files.read_bytes(path)
    try:
        tokenizer = open_tokenizer(model, run.config.tokenizer)
        if mix.add_bos:
            tokenizer.boundary("bos")
        if mix.add_eos:
            tokenizer.boundary("eos")
    except ValueError as error:
        raise ConfigError(f"{run.loaded.where('tokenizer', 'model')}: {path}: {error}") from error
    return hashlib.sha256(model).hexdigest()


def _settings(run: Run) -> dict[str, object]:
    config = run.config
    return {
        "seed": config.seed,
        "tokenizer": (config.tokenizer.training, _fingerprint(run)),
        "plugins": code_of("tokenizers", [config.tokenizer.kind or ""]),
    }


STAGE = Stage(NAME, _AFTER, _settings, ("tokenizer",), run)
