"""Token sequences of a finished run, by number: what a trainer reads, and where it goes on after a stop.

Needs only numpy and pyarrow.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PADDING = -1


@dataclass(frozen=True)
class Batch:
    """Some sequences in a row."""

    tokens: np.ndarray  # int64 [sequences, sequence_length]
    documents: np.ndarray  # int64, alike: 0, 1, ... by the document a token is from, PADDING where from none


class Sequences:
    """The sequences of OUT/shards/parquet (or of OUT/shards/validation/parquet), shard after shard.

    They are shuffled already, over all shards: reading them in order is reading them at random, and a number
    is all that a checkpoint must hold. One row group is kept in memory.
    """

    def __init__(self, folder: Path) -> None:
        """Raises ValueError where there are no shards in the folder."""
        shards = sorted(folder.glob("shard-*.parquet"))
        self._files = [pq.ParquetFile(path) for path in shards]
        sizes = [
            (file, group, file.metadata.row_group(group).num_rows)
            for file in self._files
            for group in range(file.num_row_groups)
        ]
        self._groups = [(file, group) for file, group, _ in sizes]
        self._ends = list(accumulate(size for _, _, size in sizes))
        if not self._ends:
            raise ValueError(f"{folder}: holds no sequences (shard-*.parquet)")
        self._held = -1
        self._table = pa.table({})

    def __len__(self) -> int:
        return self._ends[-1]

    def batch(self, first: int, size: int) -> Batch:
        """Sequences first to first + size - 1; fewer at the end."""
        tables, last = [], min(first + size, len(self))
        while first < last:
            group = bisect_right(self._ends, first)
            table = self._read(group)
            begin = first - (self._ends[group] - len(table))
            tables.append(table.slice(begin, last - first))
            first += len(tables[-1])
        table = pa.concat_tables(tables)
        tokens = np.stack([row.values.to_numpy() for row in table["input_ids"]]).astype(np.int64)
        documents = np.full(tokens.shape, PADDING, np.int64)
        for row, lengths in enumerate(table["document_lengths"].to_pylist()):
            documents[row, : sum(lengths)] = np.repeat(np.arange(len(lengths)), lengths)
        return Batch(tokens, documents)

    def batches(self, size: int, first: int = 0) -> Iterator[tuple[int, Batch]]:
        """Whole batches from a sequence on, each with the number of the sequence after it."""
        for start in range(first, len(self) - size + 1, size):
            yield start + size, self.batch(start, size)

    def _read(self, group: int) -> pa.Table:
        if group != self._held:
            file, number = self._groups[group]
            self._table, self._held = file.read_row_group(number), group
        return self._table
