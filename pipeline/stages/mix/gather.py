"""Gather: writes a shard, in every format, from the runs that the scattered files hold for it."""

import posixpath
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.kernels.runs import copy
from massivetext.filters.tokens.separate import separate
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.shards.format import Shard
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.mix.scatter import Scattered, joined
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.storage.arrays import Array
from massivetext.pipeline.storage.output import Output
from massivetext.schemas.token import SEQUENCE

INDEX_STEP = names.MIX
INDEX = "mix/index"  # the step that joins the indexes of shards
ROWS_AT_ONCE = 10_000


@dataclass(frozen=True)
class ShardItem:
    """The item of a part: one shard."""

    part: int


def index(shard: int) -> str:
    return layout.work(INDEX_STEP, f"index-{shard:05d}.parquet")


@dataclass(frozen=True)
class Gather:
    """Works on one shard. Figures by source: mixed (runs and tokens); sequences; padding (tokens). Those of
    validation have the key `validation`."""

    out: str = field(repr=False)
    sources: tuple[str, ...]
    scattered: tuple[Scattered, ...]  # the files of blocks that a shard may read
    sequence_length: int
    pad: int
    token_bytes: int
    formats: tuple[str, ...]
    shards: int  # the number of training shards; validation shards have the numbers after them
    plugins: tuple[str, ...] = ()  # the code of the plugins that bring formats

    def __call__(self, item: ShardItem, output: Output) -> Tally:
        runs, tokens = self._runs(item.part)
        runs = _apart(runs)
        sequence = _number_sequences(runs)
        count = int(sequence[-1]) + 1 if len(runs) else 0
        matrix = np.full(count * self.sequence_length, self.pad, tokens.dtype)
        lengths = runs["tokens"].astype(np.int64)
        goal = sequence * self.sequence_length + runs["offset"].astype(np.int64)
        copy(tokens, runs["at"].astype(np.int64), matrix, goal, lengths)
        first = np.searchsorted(sequence, np.arange(count + 1))
        sources = runs["source"][first[:-1]] if count else np.empty(0, np.uint16)
        shard = Shard(
            matrix.reshape(count, self.sequence_length),
            _lists(first, pa.array(runs["tokens"].astype(np.int32))),
            pa.array([self.sources[source] for source in sources], pa.string()),
        )
        is_validation = item.part >= self.shards
        folder, number = layout.SHARDS, item.part
        if is_validation:
            folder, number = layout.VALIDATION, item.part - self.shards
        for name in self.formats if count else ():  # datasets and Megatron cannot read an empty shard
            write_shard(shard, name, layout.shard(folder, name, number), output)
        with parquet.writers(output, {index(item.part): SEQUENCE}) as (writer,):
            for batch in _index(number, runs, first, shard).to_batches(max_chunksize=ROWS_AT_ONCE):
                writer.write(batch)
        return self._tally(runs, sources, "validation" if is_validation else "")

    def _runs(self, shard: int) -> tuple[Array, npt.NDArray[np.unsignedinteger]]:
        """Returns the shard's runs by sequence and offset, and all their tokens. `at` is the place of a run's
        tokens."""
        dtype = np.dtype(f"u{self.token_bytes}")
        calls = (
            partial(each.of_shards, self.out, shard, shard + 1, dtype)
            for each in self.scattered
            if each.first <= shard < each.stop
        )
        runs, tokens = joined([piece for found in files.at_once(self.out, calls) for piece in found], dtype)
        by = ("offset", "sequence", "group", "key")
        return runs[np.lexsort(tuple(runs[name] for name in by))], tokens

    def _tally(self, runs: Array, sources: npt.NDArray[np.uint16], key: str) -> Tally:
        tally = Tally()
        for number, name in enumerate(self.sources):
            of_source = runs["source"] == number
            if not of_source.any():
                continue
            tokens = int(runs["tokens"][of_source].sum(dtype=np.int64))
            sequences = int((sources == number).sum())
            tally.add(name, Figure.MIXED, key, documents=int(of_source.sum()), tokens=tokens)
            tally.add(name, Figure.SEQUENCES, key, documents=sequences)
            tally.add(name, Figure.PADDING, key, tokens=sequences * self.sequence_length - tokens)
        return tally


def _apart(runs: Array) -> Array:
    """Returns the runs with their sequences ordered so that no two in a row hold parts of the same document."""
    sequence = _number_sequences(runs)
    first = np.flatnonzero(np.diff(sequence, prepend=-1, append=len(runs)))
    place = np.argsort(separate(first, runs["pointer"].copy()))
    return runs[np.argsort(place[sequence], kind="stable")]


def _number_sequences(runs: Array) -> npt.NDArray[np.int64]:
    if len(runs) == 0:
        return np.empty(0, np.int64)
    same = (runs["group"][1:] == runs["group"][:-1]) & (runs["sequence"][1:] == runs["sequence"][:-1])
    return np.concatenate([[0], np.cumsum(~same)])


def _index(number: int, runs: Array, first: npt.NDArray[np.int64], shard: Shard) -> pa.Table:
    count = len(first) - 1
    ends = np.concatenate([[0], np.cumsum(runs["tokens"].astype(np.int64))])[first]
    return pa.table(
        [
            pa.array(np.full(count, number, np.int32)),
            pa.array(np.arange(count, dtype=np.int32)),
            shard.sources,
            pa.array(np.diff(ends).astype(np.int32)),
            _lists(first, pa.array(runs["id"].astype("U32"), pa.string())),
            _lists(first, pa.array(runs["copy"].astype(np.int32))),
            _lists(first, pa.array(runs["start"].astype(np.int64))),
            shard.document_lengths,
        ],
        schema=SEQUENCE,
    ).combine_chunks()


def _lists(first: npt.NDArray[np.int64], values: pa.Array) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(first.astype(np.int32)), values)


def write_shard(shard: Shard, name: str, goal: str, output: Output) -> None:
    """Write a shard in one format: first to a local folder, which writers need, then to the output."""
    inside, base = posixpath.split(goal)
    with tempfile.TemporaryDirectory() as folder:
        for path in FORMATS[name].write(shard, Path(folder) / base):
            with output.file(posixpath.join(inside, path.name)) as stream, path.open("rb") as file:
                shutil.copyfileobj(file, stream, 1 << 20)


@dataclass(frozen=True)
class IndexItem:
    """The item of a part that joins the indexes of the shards `first` to `end` - 1."""

    part: int
    folder: str
    first: int  # of its shards
    end: int  # before which they end


@dataclass(frozen=True)
class JoinIndex:
    """Writes index.parquet of a folder of shards, and the index of each format that has one."""

    out: str = field(repr=False)
    formats: tuple[str, ...]

    def __call__(self, item: IndexItem, output: Output) -> Tally:
        with parquet.writers(output, {layout.index(item.folder): SEQUENCE}) as (writer,):
            for batch in self._batches(item):
                writer.write(batch)
        for name in self.formats:
            if index := FORMATS[name].index:
                file, index_of = index
                with output.file(f"{item.folder}/{name}/{file}") as stream:
                    stream.write(index_of(self._shards(item.folder, name)))
        return Tally()

    def _shards(self, folder: str, name: str) -> Iterator[tuple[str, int, BinaryIO]]:
        for path, size in files.match(f"{self.out}/{folder}/{name}/shard-*"):
            with files.open_read(path) as stream:
                yield posixpath.basename(path), size, stream

    def _batches(self, item: IndexItem) -> Iterator[pa.RecordBatch]:
        for shard in range(item.first, item.end):
            if parquet.count(f"{self.out}/{index(shard)}"):
                yield from parquet.batches(f"{self.out}/{index(shard)}")
