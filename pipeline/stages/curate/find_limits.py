"""Finds the limits of languages for which the configuration says `auto`, from a seeded sample of the input."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.calibrate import (
    FEWEST,
    FEWEST_ENGLISH,
    SHARES,
    count_held,
    limit_at,
    shares,
    stop_words,
)
from massivetext.filters.families import FAMILIES
from massivetext.filters.families.family import Limit
from massivetext.filters.language.language import matches
from massivetext.filters.seeded import order
from massivetext.pipeline.config.found import Found, sought
from massivetext.pipeline.config.limits import LanguageLimits, ProseLimits
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.stage import Run
from massivetext.pipeline.stages.curate import sample
from massivetext.pipeline.stages.curate.curate import Curate
from massivetext.pipeline.stages.curate.parts import Files
from massivetext.pipeline.stages.curate.sample import SAMPLED, Sample
from massivetext.pipeline.storage import files, parquet

BYTES = 256 << 20
"""The bytes of a source's input (as stored) from which parts are sampled, in a seeded order."""

STOP_WORD_COUNT = "stop_word_count"

LISTED = 12
"""So many languages without limits are named on the console."""


def find(run: Run, items: Sequence[Files], work: Curate) -> Found:
    """Returns the limits of every language that needs them. Warns of those with too few documents: they get none."""
    config = run.config
    chosen = list(_chosen(config, items))
    run.work_on(sample.STEP, chosen, Sample(work, config.language.kept, config.seed))
    paths = [run.path(sample.path(item.part)) for item in chosen]
    tables = [parquet.read(path) for path in paths if files.exists(path)]
    table = pa.concat_tables([SAMPLED.empty_table(), *tables]).combine_chunks()
    return {family: _family(run, family, table) for family in FAMILIES if sought(config, family)}


def _chosen(config: Config, items: Sequence[Files]) -> Iterator[Files]:
    """Yields the parts to sample."""
    judged = {source for family in FAMILIES if sought(config, family) for source in config.judged(family)}
    for source in config.sources:
        own = [item for item in items if item.source == source and source in judged]
        hashes = order(pa.array([str(item.part) for item in own], pa.string()), config.seed, sample.STEP)
        taken = 0
        for place in np.argsort(hashes, kind="stable").tolist():
            if taken >= BYTES:
                break
            taken += sum(origin.bytes for origin in own[place].origins)
            yield own[place]


def _family(run: Run, name: str, table: pa.Table) -> dict[str, dict[str, Any]]:
    """Returns the limits of a family for each language."""
    config = run.config
    section = config.limit_section(name)
    assert isinstance(section, ProseLimits), "only prose is in a language"
    limits = section.limits(FAMILIES[name].limits)
    judged = table.filter(pc.is_in(table["source"], pa.array(config.judged(name), pa.string())))
    lent = _shares(_of(judged, "en"), limits)
    found: dict[str, dict[str, Any]] = {}
    few: dict[str, int] = {}
    for language in sought(config, name):
        own = _of(judged, language)
        if len(own) < FEWEST:
            few[language] = len(own)
            found[language] = dict.fromkeys(limits)
            continue
        given = section.languages.get(language)
        words = given.stop_words if isinstance(given, LanguageLimits) else None
        found[language] = _language(own, limits, lent, words)
    if few:
        run.display.warn(
            f"{name}.languages: no rule of {name} judges documents in {_listed(few)}: the sample holds only as many "
            f"documents as the brackets say, and limits need {FEWEST}. Give limits in the configuration"
        )
    return found


def _listed(few: dict[str, int]) -> str:
    """The languages with the most documents, with their numbers."""
    held = sorted((-count, language) for language, count in few.items())
    named = ", ".join(f"{language} ({-count})" for count, language in held[:LISTED])
    return f"{named} and {len(held) - LISTED} more languages" if len(held) > LISTED else named


def _of(table: pa.Table, language: str) -> pa.Table:
    labels = [label for label in table["language"].unique().to_pylist() if matches(label, language)]
    return table.filter(pc.is_in(table["language"], pa.array(labels, pa.string())))


def _shares(english: pa.Table, limits: dict[str, Limit]) -> dict[str, tuple[float, float]]:
    """Returns the shares of English documents beyond each limit; published shares if there are too few documents."""
    if len(english) < FEWEST_ENGLISH:
        return {column: SHARES[column] for column in limits}
    return {column: shares(english[column].to_numpy(), limit) for column, limit in limits.items()}


def _language(
    own: pa.Table, limits: dict[str, Limit], lent: dict[str, tuple[float, float]], words: list[str] | None
) -> dict[str, Any]:
    """Returns the limits of one language by column and side, and its stop words if the configuration gives none."""
    values = {column: own[column].to_numpy().astype(np.float64) for column in limits}
    found: dict[str, Any] = {}
    if STOP_WORD_COUNT in limits and words is None:
        held = own["words"].combine_chunks()
        found["stop_words"] = stop_words(held)
        values[STOP_WORD_COUNT] = count_held(held, found["stop_words"])
    for column, like in limits.items():
        limit = limit_at(values[column], lent[column], like)
        sides = {"minimum": limit.minimum, "maximum": limit.maximum}
        found[column] = {side: value for side, value in sides.items() if value is not None}
    return found
