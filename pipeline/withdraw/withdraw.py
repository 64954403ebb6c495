"""Withdraws documents from the shards of a finished run, and keeps a record of it that holds none of their text.

A sequence that held a withdrawn document is replaced by one with as many tokens and as much padding, in which other
documents of the source fill the place. `documents/` and `tokens/`, from which shards are made, stay as they are.
"""

import dataclasses
import hashlib
import posixpath
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime import lock, manifest
from massivetext.pipeline.runtime.parts import read_record, write_record
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.mix import gather, phases
from massivetext.pipeline.stages.mix import stage as mix
from massivetext.pipeline.stages.report.figures.withdrawals import records, withdrawals
from massivetext.pipeline.stages.report.page import page
from massivetext.pipeline.stages.report.stage import DATASHEET
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.storage.output import Output
from massivetext.pipeline.tokenizers.open import tokenizer_of_run
from massivetext.pipeline.withdraw.asked import Asked, find
from massivetext.pipeline.withdraw.shard import Place, rewrite
from massivetext.pipeline.withdraw.stand_in import StandIns

HEADING = "## Withdrawn since"


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
    found = find(out, list(config.sources), asked)
    earlier = {id_ for one in records(out) for id_ in one["ids"]}
    gone = pa.array(sorted({id_ for ids in found.values() for id_ in ids} | earlier), pa.string())
    dtype = np.dtype(np.uint16 if tokenizer_of_run(out, config.tokenizer).size <= 1 << 16 else np.uint32)
    places: list[dict[str, object]] = []
    training = _training(out, config)
    whole = len(files.match(posixpath.join(out, layout.work(names.MIX, "part-*.json"))))
    parts = {layout.SHARDS: range(training), layout.VALIDATION: range(training, whole)}
    for number, (folder, of_folder) in enumerate(parts.items()):
        if not files.exists(posixpath.join(out, layout.index(folder))):
            continue
        shards, used = _held(out, folder, gone)
        barred = (
            gone
            if folder == layout.VALIDATION
            else pa.concat_arrays([gone, _documents(out, layout.VALIDATION)])
        )
        stand_ins = {
            source: StandIns(out, source, config.seed, barred, copies, only=folder == layout.VALIDATION)
            for source, copies in used.items()
        }
        for shard in sorted(shards):
            place = Place(folder, shard, of_folder[shard], tuple(config.mix.formats))
            touched = rewrite(out, place, gone, stand_ins, dtype)
            places += [{"folder": folder, "shard": shard, "sequence": sequence} for sequence in touched]
        if shards:
            _join(
                out,
                gather.IndexItem(number, folder, of_folder.start, of_folder.stop),
                tuple(config.mix.formats),
            )
    _record(out, asked, found, places, by, when)
    _say(out)
    documents = sum(map(len, found.values()))
    return f"{documents:,} documents withdrawn; {len(places):,} sequences of {out} replaced"


def _held(out: str, folder: str, gone: pa.Array) -> tuple[set[int], dict[str, dict[str, int]]]:
    """Returns the shards that hold a document of `gone`, and by source the number of copies of each document."""
    shards: set[int] = set()
    used: dict[str, dict[str, int]] = defaultdict(dict)
    columns = ["shard", "source", "document_ids", "copies"]
    for batch in parquet.batches(posixpath.join(out, layout.index(folder)), columns):
        lists = batch.column("document_ids")
        parents, ids = pc.list_parent_indices(lists), lists.flatten()
        shards.update(batch.column("shard").take(parents.filter(pc.is_in(ids, gone))).to_pylist())
        sources = batch.column("source").take(parents).to_pylist()
        for source, id_, copy in zip(
            sources, ids.to_pylist(), batch.column("copies").flatten().to_pylist(), strict=True
        ):
            used[source][id_] = max(used[source].get(id_, 0), copy + 1)
    return shards, used


def _documents(out: str, folder: str) -> pa.Array:
    """Returns the ids of all documents in a folder's sequences."""
    path = posixpath.join(out, layout.index(folder))
    if not files.exists(path):
        return pa.array([], pa.string())
    lists = parquet.read(path, ["document_ids"]).column("document_ids").combine_chunks()
    return lists.flatten().unique()


def _join(out: str, item: gather.IndexItem, formats: tuple[str, ...]) -> None:
    """Write the index of a folder's shards again, and its record."""
    record = read_record(out, gather.INDEX, item.part)
    assert record is not None, "a finished mix has its index"
    output = Output(out)
    gather.JoinIndex(out, formats)(item, output)
    anew = dataclasses.replace(record, files=output.files)
    write_record(out, gather.INDEX, anew)


def _training(out: str, config: Config) -> int:
    """Returns the number of training shards. The parts of the validation shards are numbered from it on."""
    if config.mix.phases:
        return sum(phase.shards for phase in phases.read(out))
    targets = orjson.loads(files.read_bytes(posixpath.join(out, mix.TARGETS)))
    tokens = sum(target["tokens"] for target in targets.values())
    return int(max(1, -(-tokens // config.mix.shard_tokens)))


def _record(
    out: str, asked: Asked, found: dict[str, list[str]], places: list[dict[str, object]], by: str, when: str
) -> None:
    """Append a line to the record: when, by whom, by which lists (their hashes), which ids, from which sequences."""
    lists = {
        name: hashlib.sha256(files.read_bytes(path)).hexdigest()
        for name, path in (("urls", asked.urls), ("domains", asked.domains), ("ids", asked.ids))
        if path is not None
    }
    value = {
        "when": when,
        "by": by,
        "lists": lists,
        "ids": sorted(id_ for ids in found.values() for id_ in ids),
        "documents": {source: len(ids) for source, ids in found.items()},
        "places": places,
    }
    lines = [*records(out), value]
    data = b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)
    files.write_bytes(out, layout.WITHDRAWN, data)


def _say(out: str) -> None:
    """Update the report and the datasheet with the number of withdrawn documents and the date."""
    if not files.exists(posixpath.join(out, DATASHEET)):
        return
    for path, text in ((DATASHEET, _datasheet(out)), *_report(out)):
        manifest.rewritten(out, files.write_bytes(out, path, text.encode()))


def _datasheet(out: str) -> str:
    before, _, _ = files.read_bytes(posixpath.join(out, DATASHEET)).decode().partition(HEADING)
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
