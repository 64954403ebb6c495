"""Chooses the documents of an arm, and reads their texts."""

import posixpath
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.seeded import order, share_of
from massivetext.pipeline.ablate.settings import STEPS, Step
from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.runtime.parts import records
from massivetext.pipeline.storage import files, layout, parquet

_VALIDATION = "validation"  # the purpose of the hash by which mix holds out documents


class Chosen(NamedTuple):
    """Documents of a source, in their seeded order."""

    part: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]  # in the part's file of documents/
    bytes: npt.NDArray[np.int64]  # of text


def held_out(ids: pa.StringArray, seed: int, share: float) -> npt.NDArray[np.bool_]:
    """Whether each document is held out, by the hash that mix uses for its validation split."""
    return share_of(order(ids, seed, _VALIDATION), share)


def choose(out: str, source: str, step: Step, seed: int, share: float, is_held_out: bool) -> Chosen:
    """Returns the documents of a source that reached `step`: those that are held out, or all others.

    A duplicate of a document that is held out is in neither, since a model that saw it would know the other.
    """
    found = [_of_part(out, source, part, step, seed, share, is_held_out) for part in _parts(out, source)]
    if not found:
        return Chosen(*(np.empty(0, np.int64) for _ in Chosen._fields))
    hashes, parts, rows, sizes = (np.concatenate(each) for each in zip(*found, strict=True))
    by_hash = np.lexsort((rows, parts, hashes))
    return Chosen(parts[by_hash], rows[by_hash], sizes[by_hash])


def texts(out: str, source: str, chosen: Chosen, columns: Sequence[str] = ("id", "text")) -> pa.Table:
    """Returns these columns of documents, in the order of `choose`."""
    tables, places = [], []
    for part in np.unique(chosen.part):
        places.append(np.flatnonzero(chosen.part == part))
        places[-1] = places[-1][np.argsort(chosen.row[places[-1]])]
        path = posixpath.join(out, layout.documents(source, int(part)))
        tables.append(pa.Table.from_batches(parquet.rows(path, columns, chosen.row[places[-1]])))
    if not tables:
        return pa.table({name: pa.array([], pa.string()) for name in columns})
    return pa.concat_tables(tables).take(pa.array(np.argsort(np.concatenate(places))))


def _parts(out: str, source: str) -> Iterator[int]:
    """Yields the parts of a source that hold documents."""
    for record in records(out, "curate"):
        for written in record.files:
            if written.path == layout.documents(source, record.part):
                yield record.part


def _of_part(
    out: str, source: str, part: int, step: Step, seed: int, share: float, is_held_out: bool
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Returns the hash, part, row and bytes of each chosen document of a part."""
    path = posixpath.join(out, layout.documents(source, part))
    table = parquet.read(path, ["id", "text_bytes"])
    ids, sizes = table.column("id").combine_chunks(), table.column("text_bytes").to_numpy()
    is_in = held_out(ids, seed, share) == is_held_out
    far = STEPS.index(step)
    if far >= STEPS.index("filtered"):
        is_kept = np.zeros(len(ids), np.bool_)
        is_kept[candidates.kept_rows(out, source, part)] = True
        is_in &= is_kept
    if far >= STEPS.index("deduplicated"):
        is_in &= ~_among(ids, candidates.duplicates(out, part))
    if far >= STEPS.index("kept"):
        is_in &= ~_among(ids, candidates.contaminated(out, part))
    if not is_held_out:
        is_in &= ~_among(ids, _copies_of_held_out(out, part, seed, share))
    rows = np.flatnonzero(is_in)
    hashes = order(ids, seed, "ablation")[rows]
    return hashes, np.full(len(rows), part, np.int64), rows, sizes[rows]


def _copies_of_held_out(out: str, part: int, seed: int, share: float) -> pa.Array:
    """Returns the ids of a part's documents that are duplicates of a document that is held out."""
    path = posixpath.join(out, layout.duplicates(part))
    if not files.exists(path):
        return pa.array([], pa.string())
    table = parquet.read(path, ["id", "survivor_id"])
    survivors = table.column("survivor_id").combine_chunks()
    return table.column("id").combine_chunks().filter(pa.array(held_out(survivors, seed, share)))


def _among(ids: pa.Array, gone: pa.Array) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = pc.is_in(ids, gone).to_numpy(zero_copy_only=False)
    return found
