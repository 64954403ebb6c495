"""Tokenizer: sample -> train, or load. A sample of what is kept, by the weights of the mix."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.filters.seeded import order, share_of
from massivetext.pipeline.config import inputs
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.runtime.candidates import Candidates
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages.decontaminate import stage as decontaminate
from massivetext.pipeline.stages.tokenizer.train import VocabularyError, train
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.storage.output import Output
from massivetext.pipeline.tokenizers.open import open_tokenizer

NAME = "tokenizer"
_SAMPLE = "tokenizer/sample"
_TEXT = pa.schema([pa.field("text", pa.string(), nullable=False)])


def _sample_of(part: int) -> str:
    return layout.work(_SAMPLE, f"part-{part:05d}.parquet")


@dataclass(frozen=True)
class Sample:
    """Works on one part of documents/: takes documents at their source's rate, by a seeded hash."""

    out: str
    seed: int
    rates: dict[str, float]

    def __call__(self, item: Candidates, output: Output) -> Tally:
        tally = Tally()
        with parquet.writers(output, {_sample_of(item.part): _TEXT}) as (writer,):
            for batch in candidates.batches(self.out, item, ["id", "text"]):
                hashes = order(batch.column("id"), self.seed, "tokenizer sample")
                is_taken = share_of(hashes, self.rates[item.source]) & (text_bytes(batch) > 0)
                taken = batch.filter(pa.array(is_taken)).select(["text"])
                writer.write(taken)
                tally.add(item.source, Figure.SAMPLED, "", taken.num_rows, int(text_bytes(taken).sum()))
        return tally


@dataclass(frozen=True)
class Training:
    """The item of the one part that trains: the samples, in order."""

    samples: tuple[str, ...]
    vocabulary: int
    part: int = 0


@dataclass(frozen=True)
class TrainModel:
    """Trains on the samples; one worker, as SentencePiece's BPE trainer is one thread."""

    out: str

    def __call__(self, item: Training, output: Output) -> Tally:
        def texts() -> Iterator[str]:
            for path in item.samples:
                for batch in parquet.batches(f"{self.out}/{path}"):
                    yield from batch.column("text").to_pylist()

        tally = Tally()
        with output.file(layout.tokenizer(is_json=False)) as stream:
            try:
                stream.write(train(texts(), item.vocabulary))
            except VocabularyError as error:  # a small corpus gets the largest vocabulary it can give
                if error.most is None:
                    raise
                stream.write(train(texts(), error.most))
                tally.add("", Figure.VOCABULARY_REDUCED, str(error.most))
        return tally


def run(run: Run) -> int:
    """Train the tokenizer on a weighted sample, or copy the one that is configured."""
    training = run.config.tokenizer.training
    if training is None:
        name = layout.tokenizer(run.config.tokenizer.is_json)
        files.write_bytes(run.out, name, files.read_bytes(_model(run)))
        return 0
    items = candidates.candidates(run.out, list(run.config.sources))
    rates = _rates(run, training.sample_bytes)
    run.work_on(_SAMPLE, items, Sample(run.out, run.config.seed, rates), size=lambda item: item.bytes)
    samples = tuple(
        name for name in (_sample_of(item.part) for item in items) if files.exists(run.path(name))
    )
    if not samples:
        run.display.warn("tokenizer: no text is left to train on, so there will be no tokens")
        return 0
    [record] = run.work_on(NAME, [Training(samples, training.vocabulary)], TrainModel(run.out))
    for row in record.rows:
        run.display.warn(f"tokenizer: the text supports {row.key} pieces, not {training.vocabulary}")
    return len(items)


def _rates(run: Run, sample_bytes: int) -> dict[str, float]:
    """The share of each source's documents to sample, so that bytes are in proportion to the weights."""
    tally = Tally.of(rows(run.out, decontaminate.NAME))
    rates = {}
    for name, source in run.config.sources.items():
        _, size, _ = tally.count(name, Figure.KEPT)
        rates[name] = min(1.0, source.weight * sample_bytes / size) if size else 0.0
    return rates


def _model(run: Run) -> str:
    model = run.config.tokenizer.model
    assert model is not None, "only asked for where a model is configured"
    return inputs.existing(run.loaded, model, "tokenizer", "model")


def _fingerprint(run: Run) -> str | None:
    """Of the model that is configured; raises ConfigError where it is not one, or cannot do what mix asks."""
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
    weights = {name: source.weight for name, source in config.sources.items()}
    return {
        "seed": config.seed,
        "weights": weights,
        "tokenizer": (config.tokenizer.training, _fingerprint(run)),
    }


STAGE = Stage(NAME, (decontaminate.NAME,), _settings, ("tokenizer",), run)
