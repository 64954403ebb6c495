"""Each source gives what its weight asks for."""

from collections.abc import Iterator

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.mix import lengths

TOLERANCE = 0.005  # of all tokens: how far a source's share may be from its weight


def proportioned(out: str, config: Config) -> Iterator[str]:
    """Its share is its weight among the sources that have tokens, to the token; none is repeated too often.

    A source without tokens gives none: the report warns of it.
    """
    mixed, training = Tally.of(rows(out, names.MIX)), Tally.of(rows(out, lengths.STEP))
    given = {source: mixed.count(source, Figure.MIXED).tokens for source in config.sources}
    available = {source: training.count(source, Figure.TRAINING).tokens for source in config.sources}
    weights = {name: source.weight for name, source in config.sources.items() if available[name]}
    total, all_weights = sum(given.values()), sum(weights.values())
    for source, tokens in given.items():
        weight = weights.get(source, 0.0)
        expected = weight / all_weights if all_weights else 0.0
        if total and abs(tokens / total - expected) > TOLERANCE:
            yield f"source {source}: {tokens / total:.2%} of the mix, but its weight asks for {expected:.2%}"
        if tokens > config.mix.max_epochs * available[source]:
            yield f"source {source}: {tokens:,} tokens of {available[source]:,} is more than max_epochs"
        if tokens != (wanted := round(weight * config.tokens)):
            yield f"source {source}: {tokens:,} tokens in the shards, asked were {wanted:,}"
