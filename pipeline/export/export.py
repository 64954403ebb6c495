"""Writes the documents that a run keeps as files of JSON lines or Parquet, with a dataset card."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.export.card import Exported, card
from massivetext.pipeline.export.shards import FORMATS
from massivetext.pipeline.runtime import candidates, manifest
from massivetext.pipeline.storage import files, layout
from massivetext.schemas.document import CANDIDATE

NEEDED = ("curate", "deduplicate", "decontaminate")
USUAL = ("id", "source", "source_id", "url", "title", "captured", "licence", "language", "text")
"""The columns that are exported by default. The user's own columns follow them."""


@dataclass(frozen=True)
class Wanted:
    """What to export: the sources (none named: all), the columns, the format, and the bytes of text in a file."""

    sources: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    form: str = "jsonl.zst"
    shard_bytes: int = 256 << 20


def export(out: str, to: str, wanted: Wanted) -> list[Exported]:
    """Write the kept documents of OUT and README.md, their card, to a folder. Returns the numbers of each source.

    Raises ConfigError if the run has not finished decontaminate, or has no such source or column.
    """
    config = manifest.finished(out, *NEEDED).asked
    sources = wanted.sources or tuple(config.sources)
    if unknown := [name for name in sources if name not in config.sources]:
        raise ConfigError(f"no source is named `{unknown[0]}`; there are {', '.join(config.sources)}")
    if wanted.form not in FORMATS:
        raise ConfigError(
            f"--format: there is no format `{wanted.form}`: expected one of {', '.join(FORMATS)}"
        )
    if not files.is_remote(to) and files.match(f"{to}/**"):
        raise ConfigError(f"{to}: is not empty: choose another folder")
    written = [_source(out, to, source, wanted) for source in sources]
    files.write_bytes(to, "README.md", card(config, written, wanted.form).encode())
    files.delete_tree(posixpath.join(to, files.TEMPORARY))
    return written


def _source(out: str, to: str, source: str, wanted: Wanted) -> Exported:
    documents = size = shards = 0
    columns = pa.schema([])
    for shard in _shards(out, source, wanted):
        path = f"data/{source}/{source}-{shards:05d}.{wanted.form}"
        with files.write_whole(to, path) as sink, FORMATS[wanted.form](sink.stream, shard.schema) as write:
            for batch in shard.batches:
                write(batch)
                documents += batch.num_rows
        size += shard.bytes
        shards += 1
        columns = shard.schema
    return Exported(source, documents, size, shards, columns)


@dataclass(frozen=True)
class Shard:
    """The batches of a file, and their bytes of text."""

    batches: list[pa.RecordBatch]
    bytes: int

    @property
    def schema(self) -> pa.Schema:
        schema: pa.Schema = self.batches[0].schema
        return schema


def _shards(out: str, source: str, wanted: Wanted) -> Iterator[Shard]:
    """Yields the documents of a source in order, divided into files. The document with which a file reaches
    `shard_bytes` is its last."""
    held, size = [], 0
    for item in candidates.candidates(out, [source]):
        columns = _columns(out, item, wanted.columns)
        read = [name for name in dict.fromkeys([*columns, "id", "text"]) if name != "source"]
        for batch in candidates.batches(out, item, read):
            ends = np.cumsum(text_bytes(batch))
            first = before = 0
            while first < batch.num_rows:
                full = int(np.searchsorted(ends, before + wanted.shard_bytes - size)) + 1
                piece = batch.slice(first, full - first)
                held.append(_with_source(piece, source, columns))
                first += piece.num_rows
                size, before = size + int(ends[first - 1]) - before, int(ends[first - 1])
                if size >= wanted.shard_bytes:
                    yield Shard(held, size)
                    held, size = [], 0
    if held:
        yield Shard(held, size)


def _columns(out: str, item: candidates.Candidates, asked: Sequence[str]) -> list[str]:
    path = posixpath.join(out, layout.documents(item.source, item.part))
    with files.open_ranges(path) as stream:
        there = ["source", *pq.read_schema(stream).names]
    if missing := [name for name in asked if name not in there]:
        raise ConfigError(f"no column is named `{missing[0]}`; documents have {', '.join(there)}")
    own = [name for name in there if name not in CANDIDATE.names and name != "source"]
    return list(asked) or [name for name in [*USUAL[:-1], *own, USUAL[-1]] if name in there]


def _with_source(batch: pa.RecordBatch, source: str, columns: Sequence[str]) -> pa.RecordBatch:
    named = pa.array([source] * batch.num_rows, pa.string())
    arrays = [named if name == "source" else batch.column(name) for name in columns]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))
