"""The mix: the tokens that each source should give and gave, and the figures of MassiveText's own subsets."""

import posixpath
from typing import Any, NamedTuple

import orjson

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.parts import records, rows
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.mix import lengths, phases, strata
from massivetext.pipeline.stages.mix.strata import target
from massivetext.pipeline.stages.report.stats_mix import Mix, Mixed, Phase, Stratum
from massivetext.pipeline.storage import files, layout


class Subset(NamedTuple):
    """A subset of MassiveText (arXiv 2112.11446, Tables 2 and 3; arXiv 2203.15556, Table A1)."""

    subset: str
    bytes: float
    documents: float
    tokens: float
    gopher: float  # sampling weights of Gopher and Chinchilla
    chinchilla: float
    epochs: float  # in Chinchilla's 1.4 T tokens


MASSIVETEXT = (
    Subset("MassiveWeb", 1.9e12, 604e6, 506e9, 0.48, 0.45, 1.24),
    Subset("Books", 2.1e12, 4e6, 560e9, 0.27, 0.30, 0.75),
    Subset("C4", 0.75e12, 361e6, 182e9, 0.10, 0.10, 0.77),
    Subset("News", 2.7e12, 1.1e9, 676e9, 0.10, 0.10, 0.21),
    Subset("GitHub", 3.1e12, 142e6, 422e9, 0.03, 0.04, 0.13),
    Subset("Wikipedia", 0.001e12, 6e6, 4e9, 0.02, 0.01, 3.40),
)

GOPHER_TOKENS = 300e9  # tokens that Gopher was trained on


def mix(out: str, config: Config, tokenized: Tally, mixed: Tally) -> Mix:
    """The figures of the mix, from the tallies of tokenize and mix and from the targets of mix."""
    path = posixpath.join(out, layout.work(names.MIX, "targets.json"))
    targets = orjson.loads(files.read_bytes(path)) if files.exists(path) else {}
    total = sum(mixed.count(source, Figure.MIXED).tokens for source in config.sources)
    measured = Tally.of(rows(out, lengths.STEP))
    available = {name: measured.count(name, Figure.TRAINING).tokens for name in config.sources}
    asked, weights = target(config, available), strata.weights(config, available)
    training = config.tokenizer.training
    return Mix(
        target=asked,
        sequence_length=config.mix.sequence_length,
        max_epochs=config.mix.max_epochs,
        vocabulary=None if training is None else training.vocabulary,
        sources=[
            _source(source, weights[source], asked, targets.get(source, {}), total, tokenized, mixed)
            for source in config.sources
        ],
        phases=_phases(out, config) if config.mix.phases else [],
    )


def _phases(out: str, config: Config) -> list[Phase]:
    by_shard = {record.part: Tally.of(record.rows) for record in records(out, names.MIX)}
    found = []
    for phase in phases.read(out):
        own = range(phase.first_shard, phase.first_shard + phase.shards)
        given = {
            source: sum(
                by_shard[shard].count(source, Figure.MIXED).tokens for shard in own if shard in by_shard
            )
            for source in config.sources
        }
        found.append(
            Phase(
                name=phase.name,
                wanted=phase.tokens,
                first_shard=phase.first_shard,
                shards=phase.shards,
                given=given,
            )
        )
    return found


def _source(
    source: str,
    weight: float,
    target: int,
    chosen: dict[str, Any],
    total: int,
    tokenized: Tally,
    mixed: Tally,
) -> Mixed:
    documents, size, tokens = tokenized.count(source, Figure.TOKENIZED)
    given = mixed.count(source, Figure.MIXED).tokens
    return Mixed(
        source=source,
        documents=documents,
        bytes=size,
        tokens=tokens,
        weight=weight,
        wanted=chosen.get("tokens", round(weight * target)),
        given=given,
        share=given / total if total else 0.0,
        epochs=chosen.get("epochs", 0.0),
        strata=[Stratum(name=name, **values) for name, values in chosen.get("strata", {}).items()],
        sequences=mixed.count(source, Figure.SEQUENCES).documents,
        padding=mixed.count(source, Figure.PADDING).tokens,
        byte_fallback=tokenized.count(source, Figure.BYTE_FALLBACK).tokens,
    )
