"""Keeps documents together, such as those of a repository.

The documents of a group share the upper bits of their order, by which documents are chosen, grouped and packed. The
lower bits hold a document's place in its group.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.imports import by_imports
from massivetext.filters.seeded import derive
from massivetext.pipeline.config.together import Together
from massivetext.pipeline.storage import layout, parquet

_PLACE = np.uint64((1 << 24) - 1)

Orders = npt.NDArray[np.uint64]
Places = Callable[[pa.StringArray], tuple[pa.StringArray, Orders]]


def places(out: str, source: str, part: int, together: Together) -> Places:
    """Returns a function from ids of documents of a part to the names of their groups and their places in them.

    A document without a value in the column is a group by itself.
    """
    is_by_imports = together.order == "imports"
    columns = ["id", together.by, "title", *(["text"] if is_by_imports else [])]
    table = parquet.read(f"{out}/{layout.documents(source, part)}", columns).combine_chunks()
    ids = table.column("id").combine_chunks()
    names = pc.coalesce(table.column(together.by).combine_chunks().cast(pa.string()), ids)
    paths = table.column("title").combine_chunks().fill_null("")
    sorted_ = pa.table({"group": names, "path": paths, "id": ids})
    order = (
        pc.sort_indices(sorted_, [(name, "ascending") for name in sorted_.column_names])
        .to_numpy()
        .astype(np.int64)
    )
    if is_by_imports:
        order = _by_imports(order, names, paths, table.column("text").combine_chunks())
    rank = np.empty(len(ids), np.uint64)
    rank[order] = np.arange(len(ids))

    def of(wanted: pa.StringArray) -> tuple[pa.StringArray, Orders]:
        rows = pc.index_in(wanted, ids)
        return names.take(rows), rank[rows.to_numpy()] & _PLACE

    return of


def _by_imports(
    order: npt.NDArray[np.int64], names: pa.StringArray, paths: pa.StringArray, texts: pa.StringArray
) -> npt.NDArray[np.int64]:
    group = pc.dictionary_encode(names).indices.to_numpy()[order]
    ends = [*(np.flatnonzero(np.diff(group)) + 1).tolist(), len(order)]
    found = [np.empty(0, np.int64)]
    for start, end in zip([0, *ends], ends, strict=False):
        rows = order[start:end]
        taken = pa.array(rows)
        found.append(rows[by_imports(paths.take(taken).to_pylist(), texts.take(taken).to_pylist())])
    return np.concatenate(found)


def joined(hashes: Orders, places: Orders) -> Orders:
    """Returns the order of documents, from the hashes of their groups."""
    made: Orders = (hashes & ~_PLACE) | places
    return made


def regrouped(orders: Orders, copies: Orders | np.uint64, seed: int) -> Orders:
    """Returns the order of copies. Each copy of a group has its own hash, and its documents keep their places."""
    return joined(derive((orders & ~_PLACE) ^ copies, seed, "group"), orders & _PLACE)


def starts(orders: Orders) -> npt.NDArray[np.int64]:
    """Returns the start of each group among sorted orders, and the number of orders: int64[groups + 1]."""
    group = orders & ~_PLACE
    begins = np.flatnonzero(group[1:] != group[:-1]) + 1
    return np.concatenate([[0], begins, [len(orders)]]) if len(orders) else np.zeros(1, np.int64)
