"""Takes documents out of one shard: replaces the sequences that hold them, and leaves the others as they are."""

import dataclasses
import posixpath
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.pipeline.runtime.parts import read_record, write_record
from massivetext.pipeline.runtime.tally import Figure, Row
from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.shards.format import Shard
from massivetext.pipeline.stages import names
from massivetext.pipeline.stages.mix.index import path_of, write_index
from massivetext.pipeline.stages.mix.written import patch_shard
from massivetext.pipeline.storage import layout, parquet
from massivetext.pipeline.storage.output import Output
from massivetext.pipeline.withdraw.stand_in import StandIns, type_of_tokens
from massivetext.schemas.token import SEQUENCE


def rewrite(out: str, place: "Place", gone: pa.Array, stand_ins: dict[str, StandIns]) -> None:
    """Write a shard without the documents in `gone`. Leaves a shard that holds none of them."""
    index = parquet.read(posixpath.join(out, path_of(place.part))).combine_chunks()
    lists = index.column("document_ids").combine_chunks()
    touched = pc.list_parent_indices(lists).filter(pc.is_in(lists.flatten(), gone)).unique()
    if not len(touched):
        return
    tokens = _tokens(out, place, index.column("source")[0].as_py()).reshape(len(index), -1)
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
    _write(out, place, both.take(pa.array(order)).combine_chunks(), tokens, np.sort(touched.to_numpy()))


@dataclasses.dataclass(frozen=True)
class Place:
    """A shard: its folder, its number there, its part in the stage mix, and its formats."""

    folder: str
    number: int
    part: int
    formats: tuple[str, ...]


def _tokens(out: str, place: Place, source: str) -> np.ndarray:
    """Returns the shard's tokens, so that they can be changed. Takes them from a format that can be mapped, if it has
    one."""
    name = next((name for name in place.formats if FORMATS[name].map), place.formats[0])
    base = posixpath.join(out, layout.shard(place.folder, name, place.number))
    if map_ := FORMATS[name].map:
        return map_(base)
    return FORMATS[name].read(base).astype(type_of_tokens(out, source))


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


def _write(
    out: str, place: Place, index: pa.Table, tokens: np.ndarray, touched: npt.NDArray[np.int64]
) -> None:
    """Write the shard in every format, its index, and its record with the hashes of the new files."""
    record = read_record(out, names.MIX, place.part)
    assert record is not None, "a finished shard has its record"
    output = Output(out)
    [batch] = index.to_batches()
    shard = Shard(tokens, batch.column("lengths"), batch.column("source"))
    for name in place.formats:
        patch_shard(shard, touched, name, layout.shard(place.folder, name, place.number), output)
    write_index(output, place.part, index)
    rows = [_counted(row, batch) for row in record.rows]
    written = {file.path: file for file in (*record.files, *output.files)}  # some files stay as they were
    anew = dataclasses.replace(record, files=list(written.values()), rows=rows)
    write_record(out, names.MIX, anew)


def _counted(row: Row, batch: pa.RecordBatch) -> Row:
    """Returns a row of the record with a new count of runs. Tokens, sequences and padding are as before."""
    if row.figure != Figure.MIXED:
        return row
    sources = batch.column("source").take(pc.list_parent_indices(batch.column("lengths")))
    return row._replace(documents=pc.sum(pc.equal(sources, row.source)).as_py())
