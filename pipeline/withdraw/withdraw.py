"""Withdraws documents from the shards of a finished run, and keeps a record of it that holds none of their text.

A sequence that held a withdrawn document is replaced by one with as many tokens and as much padding, in which other
documents of the source fill the place. `documents/` and `tokens/`, from which shards are made, stay as they are.
"""

import dataclasses
import hashlib
import posixpath
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime import lock, manifest
from massivetext.pipeline.runtime.parts import read_record, write_record
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.mix import index, phases
from massivetext.pipeline.stages.report.figures.withdrawals import records, withdrawals
from massivetext.pipeline.stages.report.page import page
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.storage.output import Output
from massivetext.pipeline.withdraw.asked import Asked, find
from massivetext.pipeline.withdraw.shard import Place, rewrite
from massivetext.pipeline.withdraw.stand_in import StandIns

HEADING = "## Withdrawn since"
PENDING = layout.work(names.MIX, "withdrawal.json")
"""A withdrawal that is under way, as its record will say it."""


def withdraw(out: str, asked: Asked, by: str, when: str) -> str:
    """Take documents out of the shards, with the output's lock held. Returns a line that says what was done."""
    with lock.held(out, "withdraw"):
        return _withdraw(out, asked, by, when)


def _withdraw(out: str, asked: Asked, by: str, when: str) -> str:
    state = manifest.opened(out)
    if "mix" not in state.stages:
        raise ConfigError(
            f"{out}: holds no finished mix, so there are no shards to withdraw documents from: run the stage mix first"
        )
    config = state.asked
    if files.exists(stopped := posixpath.join(out, PENDING)):
        _carry_out(out, config, orjson.loads(files.read_bytes(stopped)))
    found = find(out, list(config.sources), asked)
    line = _line(asked, found, list(_places(out, found)), by, when)
    files.write_bytes(out, PENDING, orjson.dumps(line))
    _carry_out(out, config, line)
    documents, sequences = sum(map(len, found.values())), len(line["places"])
    return f"{documents:,} documents withdrawn; {sequences:,} sequences of {out} replaced"


def _places(out: str, found: dict[str, list[str]]) -> Iterator[dict[str, object]]:
    """Yields the place of every sequence that holds a document of the lists."""
    gone = pa.array(sorted(id_ for ids in found.values() for id_ in ids), pa.string())
    for folder in (layout.SHARDS, layout.VALIDATION):
        path = posixpath.join(out, layout.index(folder))
        if not files.exists(path):
            continue
        for batch in parquet.batches(path, ["shard", "sequence", "document_ids"]):
            lists = batch.column("document_ids")
            rows = pc.list_parent_indices(lists).filter(pc.is_in(lists.flatten(), gone)).unique()
            for row in batch.select(["shard", "sequence"]).take(rows).to_pylist():
                yield {"folder": folder, **row}


def _carry_out(out: str, config: Config, line: dict[str, Any]) -> None:
    """Replace the sequences of a withdrawal, then write its record.

    Until the record stands, PENDING says what is to be done: the next withdrawal carries out one that was stopped.
    """
    earlier = {id_ for one in records(out) for id_ in one["ids"]}
    gone = pa.array(sorted({*line["ids"], *earlier}), pa.string())
    training = _training(out, config)
    whole = len(files.match(posixpath.join(out, layout.work(names.MIX, "part-*.json"))))
    parts = {layout.SHARDS: range(training), layout.VALIDATION: range(training, whole)}
    for number, (folder, of_folder) in enumerate(parts.items()):
        shards = sorted({place["shard"] for place in line["places"] if place["folder"] == folder})
        if not shards:
            continue
        held_out = [_documents(out, layout.VALIDATION)] if folder == layout.SHARDS else []
        stand_ins = {
            source: StandIns(
                out,
                source,
                pa.concat_arrays([gone, *held_out]),
                copies,
                only=folder == layout.VALIDATION,
            )
            for source, copies in _used(out, of_folder).items()
        }
        formats = tuple(config.mix.formats)
        for shard in shards:
            rewrite(out, Place(folder, shard, of_folder[shard], formats), gone, stand_ins)
        _join(out, index.IndexItem(number, folder, of_folder.start, of_folder.stop), formats)
    if line not in (done := records(out)):
        lines = (orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in (*done, line))
        files.write_bytes(out, layout.WITHDRAWN, b"".join(lines))
    _say(out)
    files.delete(posixpath.join(out, PENDING))


def _used(out: str, parts: range) -> dict[str, pa.Table]:
    """Returns by source the number of copies of each document in the shards: columns id and copies.

    The shards' own indexes say it, because the folder's index is older than they are if a withdrawal was stopped.
    """
    used: dict[str, list[pa.Table]] = defaultdict(list)
    for part in parts:
        path = posixpath.join(out, index.path_of(part))
        for batch in parquet.batches(path, ["source", "document_ids", "copies"]):
            lists = batch.column("document_ids")
            sources = batch.column("source").take(pc.list_parent_indices(lists))
            held = pa.table({"id": lists.flatten(), "copies": batch.column("copies").flatten()})
            for source in sources.unique().to_pylist():
                used[source].append(held.filter(pc.equal(sources, source)))
    return {source: _most(pa.concat_tables(held)) for source, held in used.items()}


def _most(held: pa.Table) -> pa.Table:
    """Returns the copies of each document, from the numbers of the copies that there are, which begin at 0."""
    most = held.group_by("id").aggregate([("copies", "max")])
    return pa.table({"id": most.column("id"), "copies": pc.add(most.column("copies_max"), 1)})


def _documents(out: str, folder: str) -> pa.Array:
    """Returns the ids of all documents in a folder's sequences."""
    path = posixpath.join(out, layout.index(folder))
    if not files.exists(path):
        return pa.array([], pa.string())
    lists = parquet.read(path, ["document_ids"]).column("document_ids").combine_chunks()
    return lists.flatten().unique()


def _join(out: str, item: index.IndexItem, formats: tuple[str, ...]) -> None:
    """Write the index of a folder's shards again, and its record."""
    record = read_record(out, index.STEP, item.part)
    assert record is not None, "a finished mix has its index"
    output = Output(out)
    index.JoinIndex(out, formats)(item, output)
    anew = dataclasses.replace(record, files=output.files)
    write_record(out, index.STEP, anew)


def _training(out: str, config: Config) -> int:
    """Returns the number of training shards. The parts of the validation shards are numbered from it on."""
    if config.mix.phases:
        return sum(phase.shards for phase in phases.read(out))
    targets = orjson.loads(files.read_bytes(posixpath.join(out, layout.TARGETS)))
    tokens = sum(target["tokens"] for target in targets.values())
    return int(max(1, -(-tokens // config.mix.shard_tokens)))


def _line(
    asked: Asked, found: dict[str, list[str]], places: list[dict[str, object]], by: str, when: str
) -> dict[str, Any]:
    """Returns the record's line: when, by whom, by which lists (their hashes), which ids, from which sequences."""
    lists = {
        name: hashlib.sha256(files.read_bytes(path)).hexdigest()
        for name, path in (("urls", asked.urls), ("domains", asked.domains), ("ids", asked.ids))
        if path is not None
    }
    return {
        "when": when,
        "by": by,
        "lists": lists,
        "ids": sorted(id_ for ids in found.values() for id_ in ids),
        "documents": {source: len(ids) for source, ids in found.items()},
        "places": places,
    }


def _say(out: str) -> None:
    """Let report and datasheet say how many documents were withdrawn, and when."""
    if not files.exists(posixpath.join(out, layout.DATASHEET)):
        return
    for path, text in ((layout.DATASHEET, _datasheet(out)), *_report(out)):
        manifest.rewritten(out, files.write_bytes(out, path, text.encode()))


def _datasheet(out: str) -> str:
    before, _, _ = files.read_bytes(posixpath.join(out, layout.DATASHEET)).decode().partition(HEADING)
    done = records(out)
    documents = len({id_ for one in done for id_ in one["ids"]})
    said = (
        f"{documents:,} documents were taken out of the shards, last on {done[-1]['when']}: `{layout.WITHDRAWN}` has "
        "their ids. `documents/` and `tokens/` still hold them."
    )
    return f"{before.rstrip()}\n\n{HEADING}\n\n{said}\n"


def _report(out: str) -> Iterator[tuple[str, str]]:
    stats = Stats.model_validate_json(files.read_bytes(posixpath.join(out, layout.STATS)))
    stats = stats.model_copy(update={"withdrawn": withdrawals(out)})
    yield layout.STATS, stats.model_dump_json()
    yield layout.REPORT, page.render(stats)
