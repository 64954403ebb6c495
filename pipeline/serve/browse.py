"""Answers the page's questions about documents: search, groups of near duplicates, and sequences of the shards."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import pyarrow.compute as pc

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.rules import judges
from massivetext.pipeline.inspect.choose import choose
from massivetext.pipeline.inspect.describe import Described, describe
from massivetext.pipeline.inspect.provenance import Name, runs, sequences, texts
from massivetext.pipeline.inspect.question import Asked
from massivetext.pipeline.stages.report.documents import excerpts
from massivetext.pipeline.storage import files, parquet

MOST = 50  # the most documents in an answer
_KEYS = ("removed_by", "near_limit", "source", "language", "url", "id", "text")


def documents(out: str, config: Config, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """Returns the documents that a query asks for. Raises ConfigError if a key or a value of the query is wrong."""
    if unknown := [key for key in query if key not in (*_KEYS, "count")]:
        raise ConfigError(f"{unknown[0]}: unknown key; expected some of {', '.join((*_KEYS, 'count'))}")
    given = {key: query[key] for key in _KEYS if query.get(key)}
    count = query.get("count", "10")
    if not count.isascii() or not count.isdigit() or not 1 <= int(count) <= MOST:
        raise ConfigError(f"count: expected a whole number from 1 to {MOST}")
    asked = Asked(count=int(count), kept=False, **given)
    judging = judges(config)
    asked.check(config, judging)
    return [_shown(one) for one in describe(out, config, judging, asked, choose(out, config, judging, asked))]


def _shown(one: Described) -> dict[str, Any]:
    facts = {key: value for key, value in one.facts.items() if key != "id"}
    named = {key: one.document.get(key) for key in ("licence", "origin_file", "origin_offset")}
    return {
        **named,
        "fate": one.fate,
        "facts": facts,
        "measured": [measured._asdict() for measured in one.measured],
        "excerpt": one.excerpt.model_dump(),
        "other": one.other and one.other.model_dump(),
    }


def group(out: str, config: Config, survivor: str) -> dict[str, Any]:
    """Returns a survivor and its duplicates, each with its kind and its similarity, the most similar first."""
    members = sorted(_members(out, survivor), key=lambda row: (-(row["jaccard"] or 0), row["id"]))
    wanted = [survivor, *(row["id"] for row in members[:MOST])]
    places = excerpts.find(out, list(config.sources), wanted)
    found = excerpts.fetch(out, places.values())
    shown = {id_: excerpts.about(found[place], lambda _: []).model_dump() for id_, place in places.items()}
    return {
        "survivor": shown.get(survivor),
        "documents": len(members),
        "members": [
            {"kind": row["kind"], "jaccard": row["jaccard"], "excerpt": shown.get(row["id"])}
            for row in members[:MOST]
        ],
    }


def _members(out: str, survivor: str) -> Iterator[dict[str, Any]]:
    columns = ["id", "kind", "survivor_id", "jaccard"]
    for path, _ in files.match(f"{out}/duplicates/part-*.parquet"):
        table = parquet.read(path, columns)
        yield from table.filter(pc.equal(table.column("survivor_id"), survivor)).to_pylist()


def sequence(out: str, config: Config, name: str) -> list[dict[str, Any]]:
    """Returns the documents in a sequence of the shards, in order. Raises ConfigError if there is no such sequence."""
    parsed = Name.parse(name)
    found = runs(out, parsed)
    beginnings = texts(out, config, parsed, found)
    return [{**asdict(run), "beginning": text} for run, text in zip(found, beginnings, strict=True)]


def sequences_of(out: str, id_: str) -> list[dict[str, Any]]:
    """Returns the sequences that hold a document, in the order of its copies and of their places in it."""
    found = sorted(sequences(out, id_), key=lambda one: (one[1].copy, one[1].start))
    return [{"sequence": str(name), **asdict(run)} for name, run in found]
