"""The indexes: each shard has one, of the documents in its sequences, and each folder of shards a joined one."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import pyarrow as pa

from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.stages import names
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.storage.output import Output
from massivetext.schemas.token import SEQUENCE

STEP = "mix/index"  # the step that joins the indexes of shards
_ROWS_AT_ONCE = 10_000


def path_of(part: int) -> str:
    """The index of one shard, by its part."""
    return layout.work(names.MIX, f"index-{part:05d}.parquet")


def write_index(output: Output, part: int, table: pa.Table) -> None:
    """Write the index of one shard."""
    with parquet.writers(output, {path_of(part): SEQUENCE}) as (writer,):
        for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
            writer.write(batch)


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
            if parquet.count(f"{self.out}/{path_of(shard)}"):
                yield from parquet.batches(f"{self.out}/{path_of(shard)}")
