"""Takes documents out of one shard: replaces the sequences that hold them, and leaves the others as they are."""

import dataclasses
import posixpath
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.pipeline.runtime.parts import read_record, write_record
from massivetext.pipeline.runtime.tally import Figure, Row
from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.shards.format import Shard
from massivetext.pipeline.stages.mix import gather
from massivetext.pipeline.stages.mix import stage as mix
from massivetext.pipeline.storage import layout, parquet
from massivetext.pipeline.storage.output import Output
from massivetext.pipeline.withdraw.stand_in import StandIns
from massivetext.schemas.token import SEQUENCE

QUICK = "megatron"  # the format that is fastest to read, since it is not compressed


def rewrite(
    out: str, place: "Place", gone: pa.Array, stand_ins: dict[str, StandIns], dtype: np.dtype[Any]
) -> None:
    """Write a shard without the documents in `gone`. Leaves a shard that holds none of them."""
    index = parquet.read(posixpath.join(out, gather.index(place.part))).combine_chunks()
    lists = index.column("document_ids").combine_chunks()
    touched = pc.list_parent_indices(lists).filter(pc.is_in(lists.flatten(), gone)).unique()
    if not len(touched):
        return
    form = QUICK if QUICK in place.formats else place.formats[0]
    base = posixpath.join(out, layout.shard(place.folder, form, place.number))
    tokens = FORMATS[form].read(base).astype(dtype).reshape(len(index), -1)
    ids, anew = set(gone.to_pylist()), index.take(touched).to_pylist()
    for row in anew:
        runs = list(_runs(row, tokens[row["sequence"]], ids, stand_ins[row["source"]]))
        row["document_ids"] = [run[0] for run in runs]
        row["copies"], row["starts"] = [run[1] for run in runs], [run[2] for run in runs]
        row["lengths"] = [len(run[3]) for run in runs]
        tokens[row["sequence"], : row["tokens"]] = np.concatenate([run[3] for run in runs])
    order = np.arange(len(index))
    order[touched.to_numpy()] = len(index) + np.arange(len(anew))
    both = pa.concat_tables([index.cast(SEQUENCE), pa.Table.from_pylist(anew, SEQUENCE)])
    _write(out, place, both.take(pa.array(order)).combine_chunks(), tokens)


@dataclasses.dataclass(frozen=True)
class Place:
    """A shard: its folder, its number there, its part in the stage mix, and the formats that it is written in."""

    folder: str
    number: int
    part: int
    formats: tuple[str, ...]


def _runs(
    row: dict[str, Any], tokens: np.ndarray, ids: set[str], stand_ins: StandIns
) -> Iterator[tuple[str, int, int, np.ndarray]]:
    """Yields the runs of a sequence. In place of a run that goes, yields as many tokens of stand-ins."""
    at = 0
    for id_, copy, start, length in zip(
        row["document_ids"], row["copies"], row["starts"], row["lengths"], strict=True
    ):
        if id_ in ids:
            yield from stand_ins.fill(length)
        else:
            yield id_, copy, start, tokens[at : at + length].copy()
        at += length


def _write(out: str, place: Place, index: pa.Table, tokens: np.ndarray) -> None:
    """Write the shard in every format, its index, and its record with the hashes of the new files."""
    record = read_record(out, mix.NAME, place.part)
    assert record is not None, "a finished shard has its record"
    output = Output(out)
    [batch] = index.to_batches()
    shard = Shard(tokens, batch.column("lengths"), batch.column("source"))
    for name in place.formats:
        gather.write_shard(shard, name, layout.shard(place.folder, name, place.number), output)
    with parquet.writers(output, {gather.index(place.part): SEQUENCE}) as (writer,):
        for piece in index.to_batches(max_chunksize=gather.ROWS_AT_ONCE):
            writer.write(piece)
    rows = [_counted(row, batch) for row in record.rows]
    anew = dataclasses.replace(record, files=output.files, rows=rows)
    write_record(out, mix.NAME, anew)


def _counted(row: Row, batch: pa.RecordBatch) -> Row:
    """Returns a row of the record with a new count of runs. Tokens, sequences and padding are as before."""
    if row.figure != Figure.MIXED:
        return row
    sources = batch.column("source").take(pc.list_parent_indices(batch.column("lengths")))
    return row._replace(documents=Counter(sources.to_pylist())[row.source])
