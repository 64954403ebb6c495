"""Checks that each source, and each entry of a split weight, gives as many tokens as its weight asks for."""

import posixpath
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pyarrow.compute as pc

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.split import Split
from massivetext.pipeline.runtime.parts import rows
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.mix import lengths, phases, strata
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.verify.ids import packed

TOLERANCE = 0.005  # the most, as a share of all tokens, by which a source may miss its weight


def proportioned(out: str, config: Config) -> Iterator[str]:
    """Check that each source's share is exactly its weight among the sources with tokens, and that none is repeated too
    often.

    A source without tokens gives none, and the report warns of it.
    """
    mixed, training = Tally.of(rows(out, names.MIX)), Tally.of(rows(out, lengths.STEP))
    given = {source: mixed.count(source, Figure.MIXED).tokens for source in config.sources}
    available = {source: training.count(source, Figure.TRAINING).tokens for source in config.sources}
    weights = {name: weight for name, weight in strata.weights(config, available).items() if available[name]}
    by_stratum = {
        one: training.count(one.source, Figure.TRAINING, one.name).tokens for one in strata.strata(config)
    }
    asked = strata.wanted(config, by_stratum)
    total, all_weights = sum(given.values()), sum(weights.values())
    for source, tokens in given.items():
        weight = weights.get(source, 0.0)
        expected = weight / all_weights if all_weights else 0.0
        if total and abs(tokens / total - expected) > TOLERANCE:
            yield f"source {source}: {tokens / total:.2%} of the mix, but its weight asks for {expected:.2%}"
        if tokens > config.mix.max_epochs * available[source]:
            yield f"source {source}: {tokens:,} tokens of {available[source]:,} is more than max_epochs"
        if tokens != (wanted := sum(asked[one] for one in asked if one.source == source)):
            yield f"source {source}: {tokens:,} tokens in the shards, asked were {wanted:,}"
    for name, settings in config.sources.items():
        if settings.split:
            found = _given(out, name, settings.split)
            for one, wanted in asked.items():
                if one.source == name and found[one.number] != wanted:
                    yield f"source {one.label}: {found[one.number]:,} tokens in the shards, asked were {wanted:,}"


def phased(out: str, config: Config) -> Iterator[str]:
    """The shards of each phase hold the tokens of each source that shards/phases.json names, and the phases ask for."""
    if not config.mix.phases:
        return
    found = phases.read(out)
    asked = strata.by_phase(config, {})
    if [one.name for one in found] != [phase.name for phase in config.phases]:
        yield f"{phases.PHASES}: its phases are not those of the configuration"
        return
    given: Counter[tuple[int, str]] = Counter()
    starts = np.array([one.first_shard for one in found])
    for batch in parquet.batches(
        posixpath.join(out, layout.index(layout.SHARDS)), ["shard", "source", "tokens"]
    ):
        numbers = np.searchsorted(starts, batch.column("shard").to_numpy(), side="right") - 1
        sources = batch.column("source").to_numpy(zero_copy_only=False)
        tokens = batch.column("tokens").to_numpy()
        for number in np.unique(numbers).tolist():
            for source in config.sources:
                given[number, source] += int(tokens[(numbers == number) & (sources == source)].sum())
    for number, (phase, strata_asked) in enumerate(zip(found, asked, strict=True)):
        for source in config.sources:
            wanted = sum(tokens for one, tokens in strata_asked.items() if one.source == source)
            if not given[number, source] == phase.sources[source] == wanted:
                yield (
                    f"phase {phase.name}: {given[number, source]:,} tokens of {source} in its shards, "
                    f"{phase.sources[source]:,} in {phases.PHASES}, asked were {wanted:,}"
                )


def _given(out: str, source: str, split: Split) -> Counter[int]:
    """Counts in the index the tokens that each entry of a source's split has in the shards, by its number."""
    ids, numbers = [np.empty(0, "S16")], [np.empty(0, np.int64)]
    for path, _ in files.match(posixpath.join(out, layout.documents_of(source))):
        for batch in parquet.batches(path, ["id", split.by]):
            ids.append(packed(batch.column("id")))
            numbers.append(split.numbers(batch.column(split.by)))
    every, number = np.concatenate(ids), np.concatenate(numbers)
    order = np.argsort(every, kind="stable")
    found: Counter[int] = Counter()
    for batch in parquet.batches(posixpath.join(out, layout.index(layout.SHARDS))):
        own = batch.filter(pc.equal(batch.column("source"), source))
        wanted = packed(own.column("document_ids").flatten())
        place = order[np.searchsorted(every, wanted, sorter=order)]
        lengths_of = own.column("lengths").flatten().to_numpy()
        for one in np.unique(number[place]).tolist():
            found[one] += int(lengths_of[number[place] == one].sum())
    return found
