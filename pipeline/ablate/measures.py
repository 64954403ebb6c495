"""The measures: texts on which every model is measured. Each has a name, windows of tokens, and the bytes of the
texts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.features import count
from massivetext.pipeline.ablate import documents
from massivetext.pipeline.ablate.sequences import weights
from massivetext.pipeline.ablate.settings import Ablation
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.stages.decontaminate.test_sets import packs
from massivetext.pipeline.stages.decontaminate.test_sets.read import items
from massivetext.pipeline.stages.report import groups
from massivetext.pipeline.stages.tokenize.encode import Encoder
from massivetext.pipeline.storage import files

ALL = "held-out documents"
CHARACTERS = 10_000
"""A text is measured up to here, so that no book outweighs all other texts of a measure."""


@dataclass(frozen=True)
class Measure:
    """A set of texts. Windows begin with the token that ends documents, or with the last token of the window before."""

    name: str
    documents: int
    bytes: int
    inputs: npt.NDArray[np.int32]  # [windows, context]
    targets: npt.NDArray[np.int32]  # [windows, context]; -1: nothing to predict


def measures(settings: Ablation, encoder: Encoder, seed: int) -> list[Measure]:
    """Returns all measures: the held-out documents, those of each source and audited group, and texts of the
    settings."""
    found = [*_own(settings, seed), *_given(settings)]
    made = [_measure(name, each, settings, encoder) for name, each in found]
    return [one for one in made if one.documents]


def _own(settings: Ablation, seed: int) -> Iterator[tuple[str, list[str]]]:
    """Returns the held-out documents that the run keeps: of all sources by weight, of each source and of each group."""
    shares = weights(settings.run)
    by_source = {source: _held_out(settings, source, seed) for source in shares}
    together = [
        text
        for source, share in shares.items()
        for text in _up_to(by_source[source], int(settings.evaluation_bytes * share))
    ]
    yield ALL, together
    for source, texts in by_source.items():
        yield f"{source}, held out", texts
    audit = manifest.opened(settings.run).asked.audit
    every = pa.array([text for texts in by_source.values() for text in texts], pa.string())
    words = count(every, r"\S+")
    for group in groups.stored(settings.run):
        member = groups.members(audit, group.features(every), words)
        yield f"{group.name.replace('_', ' ')}, held out", every.filter(pa.array(member)).to_pylist()


def _held_out(settings: Ablation, source: str, seed: int) -> list[str]:
    chosen = documents.choose(settings.run, source, "kept", seed, settings.held_out, is_held_out=True)
    count = _number(np.minimum(chosen.bytes, CHARACTERS), settings.evaluation_bytes)
    few = documents.Chosen(*(each[:count] for each in chosen))
    return [
        text[:CHARACTERS] for text in documents.texts(settings.run, source, few).column("text").to_pylist()
    ]


def _given(settings: Ablation) -> Iterator[tuple[str, list[str]]]:
    for name, one in settings.evaluate.items():
        if not files.exists(one.path):
            raise ConfigError(f"evaluate.{name}: no such file: {one.path}")
        yield name, [item.text[:CHARACTERS] for item in items(packs.item_file(name, one.path, one, ""))]


def _number(sizes: npt.NDArray[np.int64], most: int) -> int:
    """Returns how many of the first documents together hold `most` bytes; at least one, if there are any."""
    return int(np.searchsorted(np.cumsum(sizes), most, side="right")) + 1


def _up_to(texts: Sequence[str], most: int) -> list[str]:
    """Returns the first texts, until they hold `most` bytes."""
    sizes = np.array([len(text.encode()) for text in texts], np.int64)
    return list(texts[: _number(sizes, most)])


def _measure(name: str, texts: Sequence[str], settings: Ablation, encoder: Encoder) -> Measure:
    texts = _up_to(texts, settings.evaluation_bytes)
    context, end = settings.model.context, encoder.eos
    ids = pa.array([f"{name} {number}" for number in range(len(texts))], pa.string())
    encoded = encoder.encode(ids, pa.array(texts, pa.string()))
    inputs, targets = [np.empty((0, context), np.int32)], [np.empty((0, context), np.int32)]
    for document in encoded:
        tokens = document.values.to_numpy().astype(np.int32)
        if tokens[-1:] == end:  # a model is measured only on the text
            tokens = tokens[:-1]
        windows = -(-len(tokens) // context)
        padded = np.full(windows * context, -1, np.int32)
        padded[: len(tokens)] = tokens
        before = np.concatenate([[end], padded[:-1]]).astype(np.int32)
        inputs.append(np.where(before < 0, end, before).reshape(windows, context).astype(np.int32))
        targets.append(padded.reshape(windows, context))
    size = sum(len(text.encode()) for text in texts)
    return Measure(name, len(texts), size, np.concatenate(inputs), np.concatenate(targets))
