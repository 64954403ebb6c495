"""Scatter: writes the runs of all parts and their tokens in the order of shards.

A file holds blocks. In each block the runs are sorted by shard, so that a shard reads one stretch of it. A block holds
the tokens of many small parts, so the number of stretches grows with the tokens and not with the parts. With very many
shards, each stretch would be small. Then blocks are scattered twice: groups of neighbouring shards sort their own runs
again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.kernels.runs import copy
from massivetext.pipeline.runtime.blocks import row_of
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.stages.mix import placement
from massivetext.pipeline.stages.mix.lengths import BLOCK_TOKENS, Batch, TokensPart
from massivetext.pipeline.stages.mix.rows import RUN, SCATTERED
from massivetext.pipeline.storage import arrays, files, layout, parquet
from massivetext.pipeline.storage.arrays import Array
from massivetext.pipeline.storage.output import Output

STEP = "mix/scatter"
AGAIN = "mix/scatter-again"  # used if there are more shards than MOST_SHARDS
MOST_SHARDS = 2048  # the most shards that read from blocks of all tokens
_STRETCH = np.dtype([("rows", "i8"), ("tokens", "i8")])

Tokens = npt.NDArray[np.unsignedinteger]


class Piece(NamedTuple):
    """Some runs and their tokens. SCATTERED.at is the place in `tokens` at which a run starts."""

    runs: Array
    tokens: Tokens


@dataclass(frozen=True)
class ShardGroup:
    """The item of a part of the second pass."""

    part: int
    first: int  # shard
    stop: int


@dataclass(frozen=True)
class Scattered:
    """A file of blocks. The directory beside it has, for each block, the start of the stretch of each shard."""

    step: str
    number: int
    first: int  # shard
    stop: int

    @property
    def blocks(self) -> str:
        return layout.work(self.step, f"blocks-{self.number:05d}.bin")

    @property
    def directory(self) -> str:
        return layout.work(self.step, f"directory-{self.number:05d}.bin")

    def write(self, output: Output, pieces: Iterator[Piece]) -> None:
        shards = np.arange(self.first, self.stop + 1)
        start = np.zeros((), _STRETCH)
        with output.file(self.directory) as directory, output.file(self.blocks) as blocks:
            for piece in _in_blocks(pieces):
                runs, tokens = _by_shard(piece)
                rows = np.searchsorted(runs["shard"], shards)
                ends = np.append(runs["at"].astype(np.int64), len(tokens))
                stretches = np.empty(len(shards), _STRETCH)
                stretches["rows"], stretches["tokens"] = start["rows"] + rows, start["tokens"] + ends[rows]
                directory.write(stretches)
                for at in np.flatnonzero(rows[1:] > rows[:-1]):
                    blocks.write(runs[rows[at] : rows[at + 1]])
                    blocks.write(tokens[ends[rows[at]] : ends[rows[at + 1]]])
                start = stretches[-1]

    def of_shards(self, out: str, first: int, stop: int, dtype: np.dtype[np.unsignedinteger]) -> list[Piece]:
        """Reads the runs of some neighbouring shards and their tokens, and no others."""
        found: list[Piece] = []
        width, size = self.stop - self.first + 1, stop - first + 1
        with (
            files.open_ranges(f"{out}/{self.directory}") as directory,
            files.open_ranges(f"{out}/{self.blocks}") as blocks,
        ):
            block = 0
            while True:
                directory.seek((block * width + first - self.first) * _STRETCH.itemsize)
                stretches = np.frombuffer(directory.read(size * _STRETCH.itemsize), _STRETCH)
                if len(stretches) < size:
                    return found
                at = stretches["rows"] * SCATTERED.itemsize + stretches["tokens"] * dtype.itemsize
                blocks.seek(int(at[0]))
                read = blocks.read(int(at[-1] - at[0]))
                found += _pieces(read, stretches, at - at[0], dtype)
                block += 1


def _pieces(
    read: bytes, stretches: Array, at: npt.NDArray[np.int64], dtype: np.dtype[np.unsignedinteger]
) -> Iterator[Piece]:
    """Yields the stretches of some neighbouring shards. A stretch holds first its runs and then their tokens."""
    rows, tokens = np.diff(stretches["rows"]), np.diff(stretches["tokens"])
    for each in np.flatnonzero(rows):
        runs = np.frombuffer(read, SCATTERED, int(rows[each]), int(at[each])).copy()
        runs["at"] -= runs["at"][0]
        start = int(at[each]) + runs.nbytes
        yield Piece(runs, np.frombuffer(read, dtype, int(tokens[each]), start))


def joined(pieces: Sequence[Piece], dtype: np.dtype[np.unsignedinteger]) -> Piece:
    """Joins several pieces into one."""
    sizes = [len(piece.tokens) for piece in pieces]
    moved = [np.empty(0, SCATTERED)]
    for piece, start in zip(pieces, np.cumsum([0, *sizes]), strict=False):
        moved.append(piece.runs.copy())
        moved[-1]["at"] += np.uint64(start)
    return Piece(
        np.concatenate(moved), np.concatenate([np.empty(0, dtype), *(piece.tokens for piece in pieces)])
    )


def _in_blocks(pieces: Iterable[Piece]) -> Iterator[Piece]:
    held, tokens = list[Piece](), 0
    for piece in pieces:
        held.append(piece)
        tokens += len(piece.tokens)
        if tokens >= BLOCK_TOKENS:
            yield joined(held, piece.tokens.dtype)
            held, tokens = [], 0
    if held:
        yield joined(held, held[0].tokens.dtype)


def _by_shard(piece: Piece) -> Piece:
    """Returns the runs sorted by shard, with their tokens in the same order."""
    runs = piece.runs[np.lexsort((piece.runs["offset"], piece.runs["key"], piece.runs["shard"]))]
    lengths = runs["tokens"].astype(np.int64)
    starts = np.cumsum(lengths) - lengths
    tokens = np.empty(int(lengths.sum()), piece.tokens.dtype)
    copy(piece.tokens, runs["at"].astype(np.int64), tokens, starts, lengths)
    runs["at"] = starts
    return Piece(runs, tokens)


@dataclass(frozen=True)
class Scatter:
    """Works on a batch of parts of tokens/: writes their runs and tokens in blocks."""

    out: str = field(repr=False)
    shards: int

    def __call__(self, batch: Batch, output: Output) -> Tally:
        scattered = Scattered(STEP, batch.part, 0, self.shards)
        scattered.write(output, (piece for item in batch.items for piece in self._pieces(item)))
        return Tally()

    def _pieces(self, item: TokensPart) -> Iterator[Piece]:
        saved = list(arrays.saved(self.out, placement.STEP, f"{placement.RUNS}-{item.part:05d}"))
        runs = arrays.load(saved[0]) if saved else np.empty(0, RUN)
        rows, first = row_of(runs["pointer"]), 0
        for batch in parquet.batches(f"{self.out}/{layout.tokens(item.source, item.part)}", ["id", "tokens"]):
            last = first + batch.num_rows
            yield _of_documents(runs[(rows >= first) & (rows < last)], first, batch)
            first = last


def _of_documents(runs: Array, first: int, batch: pa.RecordBatch) -> Piece:
    lists = batch.column("tokens")
    row = row_of(runs["pointer"]) - first
    placed = np.empty(len(runs), SCATTERED)
    for name in RUN.names or ():
        placed[name] = runs[name]
    placed["at"] = lists.offsets.to_numpy()[row].astype(np.int64) + runs["start"]
    ids = batch.column("id").to_numpy(zero_copy_only=False).astype("S32")
    placed["id"] = ids[row]
    return Piece(placed, lists.values.to_numpy())


@dataclass(frozen=True)
class ScatterAgain:
    """Works on a group of shards: sorts the runs that all batches hold for it into its own blocks."""

    out: str = field(repr=False)
    shards: int
    batches: tuple[int, ...]
    token_bytes: int

    def __call__(self, group: ShardGroup, output: Output) -> Tally:
        dtype = np.dtype(f"u{self.token_bytes}")
        calls = (
            partial(
                Scattered(STEP, number, 0, self.shards).of_shards, self.out, group.first, group.stop, dtype
            )
            for number in self.batches
        )
        pieces = (piece for found in files.at_once(self.out, calls) for piece in found)
        Scattered(AGAIN, group.part, group.first, group.stop).write(output, pieces)
        return Tally()


def in_groups(shards: int) -> list[ShardGroup]:
    """Divides shards into groups: about as many groups as each has shards."""
    size = max(1, round(shards**0.5))
    starts = range(0, shards, size)
    return [ShardGroup(number, first, min(shards, first + size)) for number, first in enumerate(starts)]
