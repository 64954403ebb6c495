"""The work that trains a tokenizer on the sample."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from massivetext.pipeline.config.tokenizer import Train
from massivetext.pipeline.runtime.parts import Step, records
from massivetext.pipeline.runtime.steps import Worked
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.tokenizer import byte_level, sample
from massivetext.pipeline.stages.tokenizer.train import VocabularyError, train
from massivetext.pipeline.storage import layout, parquet
from massivetext.pipeline.storage.output import Output
from massivetext.pipeline.tokenizers.sentencepiece_json import as_tokenizer_json
from massivetext.pipeline.tokenizers.sentencepiece_model import read


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


@dataclass(frozen=True)
class PlanTraining:
    """Plans the step. It has no item if the sample is empty."""

    out: str
    settings: Train

    def __call__(self) -> Worked:
        written = [each for record in records(self.out, sample.STEP) for each in record.files]
        found = sorted((each.sha256, each.path) for each in written)
        item = Training(tuple(path for _, path in found), tuple(hash_ for hash_, _ in found), self.settings)
        return Worked(Step.of(names.TOKENIZER, TrainModel(self.out)), [item] if found else [])
