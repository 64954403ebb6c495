"""Scatter: each part's tokens, in files that hold what one shard needs side by side."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.kernels.runs import copy
from massivetext.pipeline.runtime.blocks import row_of
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.stages.mix import placement
from massivetext.pipeline.stages.mix.lengths import TokensPart
from massivetext.pipeline.stages.mix.rows import RUN, SCATTERED
from massivetext.pipeline.storage import arrays, files, layout, parquet
from massivetext.pipeline.storage.arrays import Array
from massivetext.pipeline.storage.output import Output

STEP = "mix/scatter"
BLOCK_TOKENS = 1 << 24  # sorted by shard in memory at a time


def _tokens(part: int) -> str:
    return layout.work(STEP, f"tokens-{part:05d}.bin")


def _runs(part: int) -> str:
    return layout.work(STEP, f"runs-{part:05d}.bin")


def _directory(part: int) -> str:
    return layout.work(STEP, f"directory-{part:05d}.npy")


@dataclass(frozen=True)
class Scatter:
    """Works on one part of tokens/: block by block, its runs in the order of shards.

    The directory is int64[blocks, shards + 1, 2]: where each shard's runs, and their tokens, start.
    """

    out: str = field(repr=False)
    shards: int

    def __call__(self, item: TokensPart, output: Output) -> Tally:
        runs, tokens, directory = [], 0, []
        rows = 0
        with output.file(_tokens(item.part)) as stream:
            for block, values in self._blocks(item):
                block["at"] += np.uint64(tokens)
                starts = np.searchsorted(block["shard"], np.arange(self.shards + 1))
                ends = np.append(block["at"], tokens + len(values)).astype(np.int64)
                directory.append(np.stack([rows + starts, ends[starts]], axis=1))
                stream.write(values)
                runs.append(block)
                rows += len(block)
                tokens += len(values)
        with output.file(_runs(item.part)) as stream:
            for block in runs:
                stream.write(block)
        buffer = io.BytesIO()
        np.save(buffer, np.array(directory, np.int64).reshape(len(directory), self.shards + 1, 2))
        with output.file(_directory(item.part)) as stream:
            stream.write(buffer.getvalue())
        return Tally()

    def _blocks(self, item: TokensPart) -> Iterator[tuple[Array, npt.NDArray[np.unsignedinteger]]]:
        """Runs of some neighbouring documents, by shard, and their tokens in the same order."""
        saved = list(arrays.saved(self.out, placement.STEP, f"{placement.RUNS}-{item.part:05d}"))
        runs = arrays.load(saved[0]) if saved else np.empty(0, RUN)
        rows = row_of(runs["pointer"])
        taken: list[pa.RecordBatch] = []
        first = size = seen = 0
        for batch in parquet.batches(f"{self.out}/{layout.tokens(item.source, item.part)}"):
            taken.append(batch)
            seen += batch.num_rows
            size += len(batch.column("tokens").flatten())
            if size >= BLOCK_TOKENS:
                yield _sorted(runs[(rows >= first) & (rows < seen)], first, taken)
                taken, first, size = [], seen, 0
        if taken:
            yield _sorted(runs[(rows >= first) & (rows < seen)], first, taken)


def _sorted(
    runs: Array, first: int, batches: list[pa.RecordBatch]
) -> tuple[Array, npt.NDArray[np.unsignedinteger]]:
    table = pa.Table.from_batches(batches).combine_chunks()
    lists = table.column("tokens").chunk(0)
    offsets, values = lists.offsets.to_numpy().astype(np.int64), lists.values.to_numpy()
    runs = runs[np.lexsort((runs["offset"], runs["key"], runs["shard"]))]
    row = row_of(runs["pointer"]) - first
    lengths = runs["tokens"].astype(np.int64)
    ends = np.cumsum(lengths)
    block = np.empty(len(runs), SCATTERED)
    for name in RUN.names or ():
        block[name] = runs[name]
    block["at"] = ends - lengths
    ids = table.column("id").chunk(0).to_numpy(zero_copy_only=False).astype("S32")
    block["id"] = ids[row]
    sorted_values = np.empty(int(lengths.sum()), values.dtype)
    copy(values, offsets[row] + runs["start"].astype(np.int64), sorted_values, ends - lengths, lengths)
    return block, sorted_values


def of_shard(
    out: str, part: int, shard: int, dtype: np.dtype[np.unsignedinteger]
) -> list[tuple[Array, npt.NDArray[np.unsignedinteger]]]:
    """The runs of a part that one shard holds, and their tokens side by side; reads no others."""
    directory = np.load(io.BytesIO(files.read_bytes(f"{out}/{_directory(part)}")))
    found = []
    with (
        files.open_ranges(f"{out}/{_runs(part)}") as rows,
        files.open_ranges(f"{out}/{_tokens(part)}") as tokens,
    ):
        for (row, at), (row_end, at_end) in directory[:, shard : shard + 2]:
            if row == row_end:
                continue
            rows.seek(int(row) * SCATTERED.itemsize)
            tokens.seek(int(at) * dtype.itemsize)
            runs = np.frombuffer(rows.read(int(row_end - row) * SCATTERED.itemsize), SCATTERED)
            found.append((runs, np.frombuffer(tokens.read(int(at_end - at) * dtype.itemsize), dtype)))
    return found
