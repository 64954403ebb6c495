"""Makes the sequences of an arm: encodes its documents one after the other, in rows of one more token than the
context."""

import numpy as np
import numpy.typing as npt

from massivetext.pipeline.ablate import documents
from massivetext.pipeline.ablate.settings import Ablation, Arm
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.stages.tokenize.encode import Encoder

Tokens = npt.NDArray[np.uint32]

BYTES_A_TOKEN = 8  # more than text needs, so that one reading of the documents is mostly enough


def sequences(name: str, arm: Arm, settings: Ablation, encoder: Encoder, seed: int) -> Tokens:
    """Returns uint32[sequences, context + 1]. Every arm has as many of each source as its weight in the mix asks for.

    Documents come in a seeded order. Raises ConfigError if the arm's documents do not fill the sequences once.
    """
    assert arm.run is not None, "load() names it"
    width = settings.model.context + 1
    shares = weights(arm.run)
    # Rounded sums, so that arms with other weights have as many sequences.
    ends = np.rint(np.cumsum(list(shares.values())) * (settings.training.tokens // settings.model.context))
    rows = []
    for source, count in zip(shares, np.diff(ends, prepend=0).astype(int).tolist(), strict=True):
        chosen = documents.choose(arm.run, source, arm.documents, seed, settings.held_out, is_held_out=False)
        tokens = _stream(arm.run, source, chosen, encoder, count * width)
        if len(tokens) < count * width:
            most = int(settings.training.tokens * len(tokens) / (count * width))
            raise ConfigError(
                f"arms.{name}: {source} gives {len(tokens):,} tokens, and {count * width:,} are asked of it: "
                f"training.tokens can be {most:,} at most, or the run must have read more"
            )
        rows.append(tokens[: count * width].reshape(count, width))
    return np.concatenate(rows)


def weights(out: str) -> dict[str, float]:
    """Returns the share of each source in a run's mix. Without a mix or weights, all sources have the same share."""
    sources = manifest.opened(out).asked.sources
    given = {name: source.weight or 0.0 for name, source in sources.items()}
    if not sum(given.values()):
        given = dict.fromkeys(sources, 1.0)
    return {name: weight / sum(given.values()) for name, weight in given.items() if weight}


def _stream(out: str, source: str, chosen: documents.Chosen, encoder: Encoder, tokens: int) -> Tokens:
    """Returns at least so many tokens of a source's documents, in their order; all if there are fewer."""
    parts: list[Tokens] = []
    found, first = 0, 0
    while found < tokens and first < len(chosen.row):
        ends = np.cumsum(chosen.bytes[first:])
        last = first + int(np.searchsorted(ends, (tokens - found) * BYTES_A_TOKEN)) + 1
        table = documents.texts(out, source, documents.Chosen(*(each[first:last] for each in chosen)))
        encoded = encoder.encode(*(table.column(name).combine_chunks() for name in ("id", "text")))
        parts.append(encoded.flatten().to_numpy().astype(np.uint32))
        found += len(parts[-1])
        first = last
    return np.concatenate([np.empty(0, np.uint32), *parts])
