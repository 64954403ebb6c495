"""Inspect: documents of a finished run on the terminal, and why they went."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from filters.judge import LimitRule, Rule
from filters.seeded import order
from pipeline import files, layout, manifest, parquet
from pipeline.config import Config
from pipeline.load import ConfigError
from pipeline.provenance import show_sequences
from pipeline.report.excerpts import CHARACTERS, Place
from pipeline.report.figures import judges
from pipeline.report.groups import RowGroup, read_group, row_groups
from pipeline.report.rules import Judges

LATER = ("exact", "near", "contaminated")
"""Reasons that are no rules: such documents stand in documents/, and a table says why they went."""


_CONTROL = {code: "\ufffd" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}
"""A document's text must not steer the terminal."""


@dataclass(frozen=True)
class Asked:
    """Which documents to show."""

    removed_by: str | None
    source: str | None
    id: str | None
    count: int


def inspect(
    out: str,
    console: Console,
    *,
    removed_by: str | None = None,
    source: str | None = None,
    id_: str | None = None,
    count: int = 10,
) -> None:
    """Print some documents, with what became of each: always the same ones for the same question.

    Raises ConfigError for a folder that holds no run, and for a rule or source that the run does not have.
    """
    state = manifest.read(out)
    if state is None:
        raise ConfigError(f"{out}: holds no run of massivetext ({layout.MANIFEST} is missing)")
    config = Config.model_validate(state.configuration)
    judging = judges(config)
    _check(config, judging, removed_by, source)
    shown = _choose(out, config, Asked(removed_by, source, id_, count))
    for place in shown:
        _print(out, console, place, judging)
        if id_ is not None:
            show_sequences(out, console, id_)
    if not shown:
        console.print("no such document")


def _check(config: Config, judging: Judges, removed_by: str | None, source: str | None) -> None:
    if source is not None and source not in config.sources:
        raise ConfigError(f"no source is named `{source}`; there are {', '.join(config.sources)}")
    names = list(dict.fromkeys(rule.name for rules in judging.values() for rule in rules))
    if removed_by is not None and removed_by not in (*names, *LATER):
        raise ConfigError(f"no rule is named `{removed_by}`; there are {', '.join([*names, *LATER])}")


def _choose(out: str, config: Config, asked: Asked) -> list[Place]:
    """The first documents in a seeded order, of those asked for."""
    best: list[tuple[int, Place]] = []
    for group in _groups(out, config, asked):
        rows = np.flatnonzero(_wanted(out, group, asked))
        hashes = order(group.columns.column("id"), config.seed, "inspect")
        best += [(int(hashes[row]), Place(group.path, group.number, int(row))) for row in rows]
        best = sorted(best)[: asked.count]
    return [place for _, place in best]


def _groups(out: str, config: Config, asked: Asked) -> Iterator[RowGroup]:
    if asked.removed_by is None:
        folders: tuple[str, ...] = ("documents", "removed")
    else:
        folders = ("documents",) if asked.removed_by in LATER else ("removed",)
    for folder in folders:
        columns = ("id", "removed_by") if folder == "removed" else ("id",)
        for source in [asked.source] if asked.source else config.sources:
            for path, _ in files.match(posixpath.join(out, folder, f"source={source}", "part-*.parquet")):
                name = f"{folder}/source={source}/{posixpath.basename(path)}"
                yield from row_groups(out, name, only=columns)


def _wanted(out: str, group: RowGroup, asked: Asked) -> npt.NDArray[np.bool_]:
    ids = group.columns.column("id")
    wanted = np.ones(len(ids), np.bool_)
    if asked.id is not None:
        wanted &= pc.equal(ids, asked.id).to_numpy(zero_copy_only=False)
    if asked.removed_by in LATER:
        gone = _went_later(out, layout.part_of(group.path), asked.removed_by)
        wanted &= pc.is_in(ids, gone).to_numpy(zero_copy_only=False)
    elif asked.removed_by is not None:
        wanted &= group.removed_by() == asked.removed_by
    return wanted


def _went_later(out: str, part: int, reason: str | None) -> pa.Array:
    """The ids of a part that a later stage removed for one reason."""
    rows = _rows(out, layout.contaminated(part) if reason == "contaminated" else layout.duplicates(part))
    return pa.array(
        [row["id"] for row in rows if row.get("removed") or row.get("kind") == reason], pa.string()
    )


def _rows(out: str, path: str) -> list[dict[str, Any]]:
    full = posixpath.join(out, path)
    rows: list[dict[str, Any]] = parquet.read(full).to_pylist() if files.exists(full) else []
    return rows


def _print(out: str, console: Console, place: Place, judging: Judges) -> None:
    document = read_group(out, place.path, place.group).slice(place.row, 1).to_pylist()[0]
    console.rule(Text(document["id"]))
    facts = Table.grid(padding=(0, 2))
    for name in ("source", "title", "url", "language", "licence"):
        if document[name] is not None:
            facts.add_row(name, Text(str(document[name])))
    facts.add_row("read from", Text(f"{document['origin_file']} at {document['origin_offset']}"))
    facts.add_row("fate", Text(_fate(out, document, layout.part_of(place.path)), style="bold"))
    console.print(facts)
    console.print(_measurements(document, judging[document["source"]]))
    text = document["text"].translate(_CONTROL)
    cut = Text(f"\n… {len(text) - CHARACTERS:,} more characters", style="dim")
    shown = Text(text[:CHARACTERS])
    console.print(Padding(shown + cut if len(text) > CHARACTERS else shown, (0, 0, 1, 4)))


def _fate(out: str, document: dict[str, Any], part: int) -> str:
    if "removed_by" in document:
        also = [rule for rule in document["failed_rules"] if rule != document["removed_by"]]
        return f"removed by {document['removed_by']}" + (f" (breaks {', '.join(also)} too)" if also else "")
    for row in _rows(out, layout.duplicates(part)):
        if row["id"] == document["id"]:
            where = f" in {row['survivor_output']}" if row["survivor_output"] else ""
            return f"{row['kind']} duplicate of {row['survivor_id']}{where}, Jaccard {row['jaccard']:.4f}"
    for row in _rows(out, layout.contaminated(part)):
        if row["id"] == document["id"] and row["removed"]:
            return f"matches {row['test_set']}, item {row['item']}: Jaccard {row['jaccard']:.4f}"
    return "kept"


def _measurements(document: dict[str, Any], rules: tuple[Rule, ...]) -> Table:
    table = Table("measurement", "value", "limit", box=None, padding=(0, 2))
    for rule in rules:
        if isinstance(rule, LimitRule) and document[rule.name] is not None:
            is_broken = rule.name in document.get("failed_rules", ())
            sides = [("at least", rule.limit.minimum), ("at most", rule.limit.maximum)]
            limit = ", ".join(f"{side} {value:g}" for side, value in sides if value is not None)
            table.add_row(rule.name, f"{document[rule.name]:.4g}", limit, style="red" if is_broken else "")
    return table
