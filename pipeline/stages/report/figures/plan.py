"""The plan: the model that the mix trains best, how far its sources last, what is held out, and how it was encoded."""

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages.mix import lengths, strata
from massivetext.pipeline.stages.mix.epochs import repetitions, runs_out_first
from massivetext.pipeline.stages.mix.scaling_laws import LAWS
from massivetext.pipeline.stages.report.stats_mix import BestModel, Encoded, HeldOut, Planned, Planning


def planning(out: str, config: Config, tokenized: Tally, mixed: Tally) -> Planning:
    """The plan, from the tallies of tokenize and mix. A mix without tokens is planned by its target."""
    measured = Tally.of(rows(out, lengths.STEP))
    tokens = sum(mixed.count(source, Figure.MIXED).tokens for source in config.sources)
    counted = {name: measured.count(name, Figure.TRAINING).tokens for name in config.sources}
    weights, asked = strata.weights(config, counted), tokens or strata.target(config, counted)
    available = {name: float(count) for name, count in counted.items()}
    found = repetitions(weights, available, asked, config.mix.max_epochs) if asked else {}
    optima = [(law.name, law.of_tokens(asked)) for law in LAWS] if asked else []
    return Planning(
        tokens=tokens,
        models=[BestModel(law=name, parameters=best.parameters, flops=best.flops) for name, best in optima],
        sources=[
            Planned(
                source=name,
                epochs=one.epochs,
                last_token_worth=one.last_token_worth,
                effective=one.effective,
                used_once_at=one.used_once_at,
                too_often_at=one.too_often_at,
                weight_within=one.weight_within,
            )
            for name, one in found.items()
        ],
        runs_out_first=runs_out_first(found),
        validation=config.mix.validation,
        held_out=[_held_out(name, measured, mixed) for name in weights] if config.mix.validation else [],
        encoded=[_encoded(name, tokenized) for name in weights],
    )


def _held_out(source: str, measured: Tally, mixed: Tally) -> HeldOut:
    documents, _, tokens = measured.count(source, Figure.HELD_OUT)
    sequences = mixed.count(source, Figure.SEQUENCES, "validation").documents
    return HeldOut(source=source, documents=documents, tokens=tokens, sequences=sequences)


def _encoded(source: str, tokenized: Tally) -> Encoded:
    return Encoded(
        source=source,
        documents=tokenized.count(source, Figure.TOKENIZED).documents,
        checked=tokenized.count(source, Figure.CHECKED).documents,
        word_lookups=tokenized.count(source, Figure.WORD_LOOKUPS).tokens,
        word_misses=tokenized.count(source, Figure.WORD_MISSES).tokens,
    )
