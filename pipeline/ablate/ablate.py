"""`massivetext ablate`: trains the same small model on each arm and seed, and compares them on the same texts.

Gopher's authors trained models on raw, filtered and deduplicated text and compared them (arXiv 2112.11446, appendix
A.3.2). This does the same with the data of a run. No stage reads the results.
"""

import hashlib
import importlib.util
import posixpath
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import orjson

from massivetext.pipeline.ablate import page, result
from massivetext.pipeline.ablate.measures import Measure, measures
from massivetext.pipeline.ablate.sequences import Tokens, sequences
from massivetext.pipeline.ablate.settings import Ablation
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.tokenizer import Tokenizer as TokenizerSettings
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.runtime.keys import code_of, key_of
from massivetext.pipeline.stages.tokenize.encode import Encoder
from massivetext.pipeline.storage import files
from massivetext.pipeline.tokenizers.open import open_tokenizer, tokenizer_of_run

if TYPE_CHECKING:
    from massivetext.pipeline.ablate.train import Trained

NEEDED = "decontaminate"
FIGURES, PAGE = "ablation.json", "ablation.html"
_MODELS = "models"  # the result of each model, so that an ablation that was stopped goes on


Say = Callable[[str], None]
"""Prints a line about how far the work is."""


def ablate(settings: Ablation, to: str, say: Say) -> result.Result:
    """Train every arm with every seed, unless that is done already, and write FIGURES and PAGE into the folder `to`.

    Raises ConfigError before any training if the run is not finished, an arm has too few tokens, or a package is
    missing.
    """
    _check(settings)
    seed = manifest.opened(settings.run).asked.seed
    encoder = _encoder(settings, seed)
    texts = measures(settings, encoder, seed)
    if not texts:
        raise ConfigError(f"{settings.run}: no document is held out: give a larger share as held_out")
    arms = {name: sequences(name, arm, settings, encoder, seed) for name, arm in settings.arms.items()}
    began = time.monotonic()
    trained: dict[str, list[Trained]] = {name: [] for name in arms}
    for number in settings.training.seeds:  # seed by seed, so that a stopped one can be compared
        for name, rows in arms.items():
            trained[name].append(_trained(settings, to, name, rows, encoder, number, texts, say))
    found = _result(settings, trained, texts, next(iter(arms.values())), time.monotonic() - began)
    files.write_bytes(to, FIGURES, orjson.dumps(found.model_dump(mode="json"), option=orjson.OPT_INDENT_2))
    files.write_bytes(to, PAGE, page.render(found).encode())
    return found


def _check(settings: Ablation) -> None:
    if any(importlib.util.find_spec(name) is None for name in ("jax", "optax")):
        raise ConfigError("ablate trains with JAX: pip install '.[train]' in a clone of massivetext")
    for out in {settings.run, *(arm.run for arm in settings.arms.values() if arm.run)}:
        manifest.finished(out, NEEDED)


def _encoder(settings: Ablation, seed: int) -> Encoder:
    if settings.tokenizer is None:
        state = manifest.opened(settings.run)
        if "tokenizer" not in state.stages:
            raise ConfigError(f"{settings.run}: has no tokenizer: name one as `tokenizer`")
        tokenizer = tokenizer_of_run(settings.run, state.asked.tokenizer)
    else:
        model = TokenizerSettings(model=settings.tokenizer)
        try:
            tokenizer = open_tokenizer(files.read_bytes(settings.tokenizer), model)
        except (OSError, ValueError) as error:
            raise ConfigError(f"tokenizer: {settings.tokenizer}: {error}") from error
    try:
        return Encoder(tokenizer, seed=seed, checked_share=0)
    except ValueError as error:
        raise ConfigError(f"the tokenizer: {error}") from error


def _trained(
    settings: Ablation,
    to: str,
    name: str,
    rows: Tokens,
    encoder: Encoder,
    seed: int,
    texts: list[Measure],
    say: Say,
) -> "Trained":
    """Returns the result of one model. Trains it unless an earlier command has done so."""
    from massivetext.pipeline.ablate.train import Point, Trained, train

    data = [(one.name, one.bytes, _hash(one.targets)) for one in texts]
    key = key_of(settings.model, settings.training, seed, _hash(rows), data, code_of(train.__module__))
    path = f"{_MODELS}/{name}-{seed}-{key[:16]}.json"
    if files.exists(posixpath.join(to, path)):
        values = orjson.loads(files.read_bytes(posixpath.join(to, path)))
        return Trained(**{**values, "curve": [Point(**point) for point in values["curve"]]})
    began = time.monotonic()
    found = train(settings, rows, encoder.tokenizer.size, seed, texts)
    files.write_bytes(to, path, orjson.dumps(asdict(found)))
    bits = found.bits_per_byte[texts[0].name]
    say(f"{name}, seed {seed}: {bits:.4f} bits per byte, {time.monotonic() - began:.0f} s")
    return found


def _hash(values: np.ndarray) -> str:
    return hashlib.sha256(values.tobytes()).hexdigest()


def _result(
    settings: Ablation,
    trained: "dict[str, list[Trained]]",
    texts: list[Measure],
    rows: Tokens,
    seconds: float,
) -> result.Result:
    import jax

    any_model = next(iter(trained.values()))[0]
    steps = len(rows) // settings.training.batch
    return result.Result(
        run=Path(settings.run).name,
        settings=settings.model_dump(mode="json", exclude={"run"}, exclude_none=True),
        facts=result.Facts(
            parameters=any_model.parameters,
            embedding=any_model.embedding,
            sequences=len(rows),
            tokens=steps * settings.training.batch * settings.model.context,
            seeds=settings.training.seeds,
            seconds=round(seconds, 1),
            device=jax.devices()[0].device_kind,
            jax=jax.__version__,
        ),
        rows=result.rows(
            {name: [one.bits_per_byte for one in models] for name, models in trained.items()},
            {one.name: (one.documents, one.bytes) for one in texts},
        ),
        curves=[
            result.Curve(
                arm=name,
                tokens=[point.tokens for point in models[0].curve],
                bits_per_byte=np.mean(
                    [[point.bits_per_byte for point in one.curve] for one in models], axis=0
                ).tolist(),
            )
            for name, models in trained.items()
        ],
    )
