"""The stage tokenizer: sample -> train, or load. The sample is of the kept documents, by the tokenizer's weights."""

import hashlib

from massivetext.pipeline.config import inputs
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.plugins.use import code_of
from massivetext.pipeline.runtime.parts import records
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.steps import Planned
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.tokenizer import sample
from massivetext.pipeline.stages.tokenizer.sample import PlanSampling
from massivetext.pipeline.stages.tokenizer.training import PlanTraining
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.tokenizers.open import open_tokenizer

NAME = names.TOKENIZER
_AFTER = (names.CURATE, names.DEDUPLICATE, names.DECONTAMINATE)


def run(run: Run) -> int:
    """Train a tokenizer on a weighted sample, or copy the configured one."""
    training = run.config.tokenizer.training
    if training is None:
        name = layout.tokenizer(run.config.tokenizer.is_json)
        run.keep(files.write_bytes(run.out, name, files.read_bytes(_model(run))))
        return 0
    with run.together(NAME, is_last=True):
        for step in _steps(run):
            run.plan(step)
    trained = list(records(run.out, NAME))
    if not trained:
        run.display.warn(
            "tokenizer: no document is kept, so there is no text to train on, and there will be no tokens"
        )
        return 0
    for row in trained[0].rows:
        run.display.warn(
            f"tokenizer: the text is enough for a vocabulary of {row.key} tokens, not {training.vocabulary}"
        )
    return len(list(records(run.out, sample.STEP)))


def _steps(run: Run) -> list[Planned]:
    """Returns the steps that train; none if the configuration names a model."""
    training = run.config.tokenizer.training
    if training is None:
        return []
    sampling = PlanSampling(run.out, run.config.seed, tuple(run.config.sources), training)
    return [Planned(sample.STEP, sampling), Planned(NAME, PlanTraining(run.out, training))]


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


STAGE = Stage(NAME, _AFTER, _settings, ("tokenizer",), run, first=_steps, is_planned=True)
