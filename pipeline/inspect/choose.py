"""Chooses the documents to show: always the same ones for the same question."""

import posixpath
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.families.family import LimitRule
from massivetext.filters.seeded import order
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.rules import Judges
from massivetext.pipeline.inspect.question import LATER, Asked
from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.stages.report.documents.stretch import Place, Stretch, judged
from massivetext.pipeline.stages.report.survey.survey import distance
from massivetext.pipeline.storage import files, layout, parquet

Mask = npt.NDArray[np.bool_]


def choose(out: str, config: Config, judging: Judges, asked: Asked) -> list[Place]:
    """The first `asked.count` documents asked for, by their distance from the limit if one is named, then by a seeded
    hash.
    """
    best: list[tuple[float, int, Place]] = []
    for source in asked.sources(config, judging):
        limits = {rule.name: rule for rule in judging[source] if isinstance(rule, LimitRule)}
        for stretch in _stretches(out, source, asked):
            rows = np.flatnonzero(_wanted(out, stretch, asked))
            hashes = order(stretch.columns.column("id"), config.seed, "inspect")
            away = np.zeros(len(hashes))
            if asked.near_limit is not None:
                away = distance(limits[asked.near_limit], stretch.columns)
            best += [
                (float(away[row]), int(hashes[row]), stretch.place(int(row)))
                for row in rows
                if np.isfinite(away[row])
            ]
            best = sorted(best)[: asked.count]
    return [place for _, _, place in best]


def _stretches(out: str, source: str, asked: Asked) -> Iterator[Stretch]:
    needed = {
        "language": asked.language or asked.near_limit,  # a limit may differ by language
        "url": asked.url,
        "text": asked.text,
        str(asked.near_limit): asked.near_limit,
    }
    columns = ["id", *(name for name, is_asked in needed.items() if is_asked is not None)]
    for path, _ in files.match(posixpath.join(out, layout.documents_of(source))):
        for stretch in judged(out, source, layout.part_of(path), columns):
            is_kept = stretch.removed_by() is None
            if asked.kept and not is_kept:
                continue
            if asked.removed_by is None or is_kept == (asked.removed_by in LATER):
                yield stretch


def _wanted(out: str, stretch: Stretch, asked: Asked) -> Mask:
    ids = stretch.columns.column("id")
    wanted = np.ones(len(ids), np.bool_)
    if asked.id is not None:
        wanted &= _mask(pc.equal(ids, asked.id))
    if asked.language is not None:
        wanted &= _mask(pc.equal(stretch.columns.column("language"), asked.language))
    if asked.url is not None:
        wanted &= _mask(pc.match_substring(stretch.columns.column("url"), asked.url))
    if asked.text is not None:
        found = pc.match_substring(stretch.columns.column("text"), asked.text, ignore_case=True)
        wanted &= _mask(found)
    if asked.kept:
        part = layout.part_of(stretch.path)
        gone = pa.concat_arrays([candidates.duplicates(out, part), candidates.contaminated(out, part)])
        wanted &= ~_mask(pc.is_in(ids, gone))
    if asked.removed_by in LATER:
        wanted &= _mask(pc.is_in(ids, _went_later(out, layout.part_of(stretch.path), asked.removed_by)))
    elif asked.removed_by is not None:
        wanted &= stretch.removed_by() == asked.removed_by
    return wanted


def _mask(values: pa.Array) -> Mask:
    mask: Mask = values.fill_null(False).to_numpy(zero_copy_only=False)
    return mask


def _went_later(out: str, part: int, reason: str | None) -> pa.Array:
    """The ids of the documents of a part that a later stage removed for a reason of LATER."""
    if reason == "contaminated":
        return candidates.contaminated(out, part)
    path = posixpath.join(out, layout.duplicates(part))
    if not files.exists(path):
        return pa.array([], pa.string())
    table = parquet.read(path, ["id", "kind"])
    return table.filter(pc.equal(table.column("kind"), reason)).column("id").combine_chunks()
