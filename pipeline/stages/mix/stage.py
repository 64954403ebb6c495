"""The stage mix: weigh -> repeat -> cut -> pack -> shuffle. Writes token shards."""

from functools import partial

import orjson

from massivetext.pipeline.config.together import Together
from massivetext.pipeline.plugins.use import code_of
from massivetext.pipeline.runtime.blocks import partitions_of
from massivetext.pipeline.runtime.parts import records, rows
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.steps import Planned
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.mix import gather, index, lengths, phases, placement, scatter, strata
from massivetext.pipeline.stages.mix.lengths import Batch, Measure, TokensPart
from massivetext.pipeline.stages.mix.rows import RUN
from massivetext.pipeline.stages.mix.scatter import Scattered
from massivetext.pipeline.stages.mix.strata import Stratum
from massivetext.pipeline.stages.mix.target import Place, Target, select
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.tokenizers.open import tokenizer_of_run

NAME = names.MIX
_GROUP_TOKENS = 1 << 28  # tokens that are packed together, about


def run(run: Run) -> int:
    """Bring every source to its weight, and write the shards."""
    config = run.config.mix
    run.plan(_measuring(run))
    items = lengths.parts(_measure(run))
    chosen = _targets(run, items)
    total = sum(target.tokens for target in chosen)
    if total == 0:
        run.display.warn("mix: no document is kept, so there are no tokens to mix and no shards")
        return 0
    by_phase = phases.shards(run.config, chosen)
    shards = sum(by_phase)
    held_out = sum(row.tokens for row in rows(run.out, lengths.STEP) if row.figure == Figure.HELD_OUT)
    validation_shards = -(-held_out // config.shard_tokens)
    largest = max(target.tokens for target in chosen)
    size = _run_bytes(run, chosen)
    place = placement.Place(
        run.out,
        run.config.seed,
        tuple(chosen),
        groups=max(1, -(-largest // _GROUP_TOKENS)),
        shards=by_phase,
        validation_shards=validation_shards,
        sequence_length=config.sequence_length,
        packing=config.packing,
        together=frozenset(_together(run)),
        partitions=partitions_of(size),
    )
    batches = _batches(run, items)
    if config.phases:
        run.keep(phases.write(run.out, run.config, chosen, by_phase))
    with run.together(NAME, is_last=True):
        run.group(placement.STEP, batches, place, after=[lengths.STEP], size=size)
        _gather(run, _scatter(run, batches, shards + validation_shards), shards, validation_shards)
    return shards + validation_shards


def _measuring(run: Run) -> Planned:
    return Planned(lengths.STEP, partial(lengths.plan, _measure(run)))


def _measure(run: Run) -> Measure:
    splits = {name: source.split for name, source in run.config.sources.items() if source.split}
    return Measure(run.out, run.config.seed, run.config.mix.validation, splits, _together(run))


def _together(run: Run) -> dict[str, Together]:
    return {name: source.together for name, source in run.config.sources.items() if source.together}


def _targets(run: Run, items: list[TokensPart]) -> list[Target]:
    tally = Tally.of(rows(run.out, lengths.STEP))
    available = {
        one: tally.count(one.source, Figure.TRAINING, one.name).tokens for one in strata.strata(run.config)
    }
    chosen = []
    places: dict[Stratum, Place] = {}
    for number, asked in enumerate(strata.asked(run.config, available)):
        for one, tokens in asked.items():
            own = [item for item in items if item.source == one.source]
            target = select(run.out, one.source, own, tokens, one.number, places.get(one), number)
            places[one] = target.stop
            chosen.append(target)
    described = _described(run, available, {one: place.tokens for one, place in places.items()})
    run.keep(files.write_bytes(run.out, layout.TARGETS, orjson.dumps(described)))
    return chosen


def _described(run: Run, there: dict[Stratum, int], asked: dict[Stratum, int]) -> dict[str, object]:
    """Returns the weight, tokens and epochs asked of each source, and of each stratum of a split source."""
    found: dict[str, object] = {}
    available = {
        name: sum(tokens for one, tokens in there.items() if one.source == name)
        for name in run.config.sources
    }
    weights, shares = strata.weights(run.config, available), strata.strata(run.config)
    for name in run.config.sources:
        own = {one: tokens for one, tokens in asked.items() if one.source == name}
        tokens = sum(own.values())
        epochs = tokens / available[name] if available[name] else 0.0
        described: dict[str, object] = {"weight": weights[name], "tokens": tokens, "epochs": epochs}
        if run.config.sources[name].split:
            described["strata"] = {
                one.name: {
                    "weight": shares[one],
                    "tokens": given,
                    "available": there[one],
                    "epochs": given / there[one] if there[one] else 0.0,
                }
                for one, given in own.items()
            }
        found[name] = described
    return found


def _run_bytes(run: Run, chosen: list[Target]) -> int:
    """Estimates the bytes of all runs. There is one run for each copy of a document, and one more for each sequence."""
    figures = (Figure.TRAINING, Figure.HELD_OUT)
    counted = [row for row in rows(run.out, lengths.STEP) if row.figure in figures and not row.key]
    copies = max((target.stop.tokens / target.available for target in chosen if target.available), default=1)
    sequences = sum(target.tokens for target in chosen) // run.config.mix.sequence_length
    return RUN.itemsize * int(max(1, copies) * sum(row.documents for row in counted) + sequences)


def _batches(run: Run, items: list[TokensPart]) -> list[Batch]:
    counted = {
        record.part: sum(row.tokens for row in record.rows if not row.key)
        for record in records(run.out, lengths.STEP)
    }
    return list(lengths.in_batches(items, [counted[item.part] for item in items]))


def _scatter(run: Run, batches: list[Batch], shards: int) -> list[Scattered]:
    """Write all tokens in the order of shards. Returns the files that hold them."""
    run.work_on(scatter.STEP, batches, scatter.Scatter(run.out, shards), after=[placement.STEP])
    if shards <= scatter.MOST_SHARDS:
        return [Scattered(scatter.STEP, batch.part, 0, shards) for batch in batches]
    groups = scatter.in_groups(shards)
    numbers = tuple(batch.part for batch in batches)
    work = scatter.ScatterAgain(run.out, shards, numbers, _token_bytes(run))
    run.work_on(scatter.AGAIN, groups, work, after=[scatter.STEP])
    return [Scattered(scatter.AGAIN, group.part, group.first, group.stop) for group in groups]


def _token_bytes(run: Run) -> int:
    return 2 if tokenizer_of_run(run.out, run.config.tokenizer).size <= 1 << 16 else 4


def _gather(run: Run, scattered: list[Scattered], shards: int, validation_shards: int) -> None:
    config = run.config
    work = gather.Gather(
        run.out,
        tuple(config.sources),
        tuple(scattered),
        config.mix.sequence_length,
        tokenizer_of_run(run.out, config.tokenizer).pad,
        _token_bytes(run),
        tuple(config.mix.formats),
        shards,
        _plugins(run),
    )
    total = shards + validation_shards
    run.work_on(NAME, [gather.ShardItem(number) for number in range(total)], work, after=[scattered[0].step])
    joined = [
        index.IndexItem(0, layout.SHARDS, 0, shards),
        index.IndexItem(1, layout.VALIDATION, shards, total),
    ]
    joining = index.JoinIndex(run.out, work.formats)
    run.work_on(index.STEP, joined[: 1 + (validation_shards > 0)], joining, after=[NAME])


def _plugins(run: Run) -> tuple[str, ...]:
    """Returns the code of the plugins that bring formats or the tokenizer, whose pad token fills sequences."""
    mix, tokenizer = run.config.mix, run.config.tokenizer
    return (*code_of("formats", mix.formats), *code_of("tokenizers", [tokenizer.kind or ""]))


def _settings(run: Run) -> dict[str, object]:
    weights = {name: source.weight for name, source in run.config.sources.items()}
    splits = {name: source.split for name, source in run.config.sources.items() if source.split}
    pad = run.config.tokenizer.pad or run.config.tokenizer.eos
    return {
        "seed": run.config.seed,
        "weights": weights,
        "splits": splits,
        "together": _together(run),
        "mix": (run.config.mix, run.config.sample),
        "tokenizer.pad": pad,
        "plugins": _plugins(run),
    }


STAGE = Stage(
    NAME,
    (names.CURATE, names.TOKENIZER, names.TOKENIZE),
    _settings,
    ("shards",),
    run,
    first=lambda run: [_measuring(run)],
)
