"""Gather: writes a shard, in every format, from the runs that the scattered files hold for it."""

from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.kernels.runs import copy
from massivetext.filters.tokens.separate import separate
from massivetext.pipeline.runtime.tally import Figure, Tally
from massivetext.pipeline.shards.format import Shard
from massivetext.pipeline.stages.mix.index import write_index
from massivetext.pipeline.stages.mix.scatter import Scattered, joined
from massivetext.pipeline.stages.mix.written import write_shard
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.storage.arrays import Array
from massivetext.pipeline.storage.output import Output
from massivetext.schemas.token import SEQUENCE


@dataclass(frozen=True)
class ShardItem:
    """The item of a part: one shard."""

    part: int


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
        write_index(output, item.part, _index(number, runs, first, shard))
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
