"""Checks that every sequence holds exactly the tokens of the documents that the index names for it.

Runs are compared by a 64-bit hash of their tokens, computed from the shards and from tokens/. So about 50 bytes of each
run are held in memory, and the tokens of only one shard or one row group.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.seeded import derive
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.shards.format import ShardError
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.verify.ids import Ids, packed, shown

Integers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Runs:
    """All runs of the index, sorted by document."""

    ids: Ids
    starts: Integers  # the start in the document
    lengths: Integers
    hashes: Hashes  # the hash of the tokens in the shards


def identical(out: str, config: Config) -> Iterator[str]:
    """Check that the tokens of each run in the shards are those of its document in tokens/."""
    for folder, _ in layout.FOLDERS:
        if files.exists(posixpath.join(out, layout.index(folder))):
            yield from _identical(out, config, folder)


def _identical(out: str, config: Config, folder: str) -> Iterator[str]:
    runs = _indexed(out, config, folder)
    for source in config.sources:
        for name, _ in files.match(posixpath.join(out, layout.tokens_of(source))):
            for batch in parquet.batches(name):
                ids, lists = packed(batch.column("id")), batch.column("tokens")
                for id_ in ids[_differing(runs, ids, lists)]:
                    yield f"{folder}: a sequence holds other tokens of {shown(id_)} than tokens/ does"


def _indexed(out: str, config: Config, folder: str) -> Runs:
    blocks = []
    length, form = config.mix.sequence_length, config.mix.formats[0]
    shard, tokens = -1, np.empty(0, np.int64)
    for batch in parquet.batches(posixpath.join(out, layout.index(folder))):
        numbers = batch.column("shard").to_numpy()
        for number in np.unique(numbers).tolist():
            if number != shard:
                shard, tokens = number, _tokens(out, folder, form, number)
            blocks.append(_runs(batch.filter(pa.array(numbers == number)), tokens, length))
    fields = [np.concatenate(field) for field in zip(*blocks, strict=True)]
    order = np.argsort(fields[0], kind="stable")
    return Runs(*(field[order] for field in fields))


def _tokens(out: str, folder: str, form: str, shard: int) -> Integers:
    try:
        return FORMATS[form].read(posixpath.join(out, layout.shard(folder, form, shard)))
    except ShardError:  # `shards` reports it
        return np.empty(0, np.int64)


def _runs(rows: pa.RecordBatch, tokens: Integers, length: int) -> tuple[Ids, Integers, Integers, Hashes]:
    """Returns the ids, starts, lengths and hashes of the runs of some sequences of one shard."""
    lengths = rows.column("lengths").flatten().to_numpy().astype(np.int64)
    parents = pc.list_parent_indices(rows.column("lengths")).to_numpy()
    before = np.cumsum(lengths) - lengths
    first = np.searchsorted(parents, parents)  # for each run, the first run of its sequence
    at = rows.column("sequence").to_numpy()[parents].astype(np.int64) * length + before - before[first]
    ids = packed(rows.column("document_ids").flatten())
    starts = rows.column("starts").flatten().to_numpy().astype(np.int64)
    return ids, starts, lengths, _hash(tokens, at, lengths)


def _hash(tokens: npt.NDArray[np.integer], at: Integers, lengths: Integers) -> Hashes:
    """Returns the hash of tokens[at[i] : at[i] + lengths[i]] for every i; 0 if the stretch is not all there."""
    hashes = np.zeros(len(at), np.uint64)
    there = (lengths > 0) & (at >= 0) & (at + lengths <= len(tokens))
    at, lengths = at[there], lengths[there]
    if len(at):
        ends = np.cumsum(lengths)
        position = np.arange(int(ends[-1])) - np.repeat(ends - lengths, lengths)
        values = tokens[np.repeat(at, lengths) + position].astype(np.uint64)
        placed = derive(values | position.astype(np.uint64) << np.uint64(32), 0, "run")
        hashes[there] = np.add.reduceat(placed, ends - lengths)
    return hashes


def _differing(runs: Runs, ids: Ids, lists: pa.ListArray) -> Integers:
    """Returns the rows of documents that have other tokens than a run in the shards."""
    first, last = np.searchsorted(runs.ids, ids, "left"), np.searchsorted(runs.ids, ids, "right")
    counts = last - first
    row = np.repeat(np.arange(len(ids)), counts)
    run = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
    sizes = pc.list_value_length(lists).to_numpy().astype(np.int64)
    begins = np.cumsum(sizes) - sizes
    fits = runs.starts[run] + runs.lengths[run] <= sizes[row]
    again = _hash(lists.flatten().to_numpy(), begins[row] + runs.starts[run], runs.lengths[run])
    differing: Integers = np.unique(row[(again != runs.hashes[run]) | ~fits])
    return differing
