"""Each source gives what its weight asks for, and each entry of a split weight what it asks for."""

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
from massivetext.pipeline.stages.mix import lengths, strata
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.verify.ids import packed

TOLERANCE = 0.005  # of all tokens: how far a source's share may be from its weight


def proportioned(out: str, config: Config) -> Iterator[str]:
    """Its share is its weight among the sources that have tokens, to the token; none is repeated too often.

    A source without tokens gives none: the report warns of it.
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


def _given(out: str, source: str, split: Split) -> Counter[int]:
    """The tokens that each entry of a source's split has in the shards, by its number: counted from the index."""
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
