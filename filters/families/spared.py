"""Works on a batch some of whose documents make the work fail: only these fail, and all others are spared."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pyarrow as pa

STUCK = 3
"""On so many documents of a batch work may run out of time; the rest of the batch then fails without being tried."""


class Spared(NamedTuple):
    """The columns that the work made, with null for each document on which it failed; and by row, why it failed."""

    columns: list[pa.Array]
    failed: dict[int, str]


def spare(
    work: Callable[[pa.RecordBatch], list[pa.Array]], documents: pa.RecordBatch, types: Sequence[pa.DataType]
) -> Spared:
    """The columns of these types that the work makes of the documents: of all at once, or if that fails, of each."""
    try:
        return Spared(work(documents), {})
    except Exception:
        return _singly(work, documents, types)


def _singly(
    work: Callable[[pa.RecordBatch], list[pa.Array]], documents: pa.RecordBatch, types: Sequence[pa.DataType]
) -> Spared:
    made: list[list[pa.Array]] = []
    failed: dict[int, str] = {}
    stuck, why = 0, ""
    for row in range(documents.num_rows):
        if stuck == STUCK:
            failed[row] = why
        else:
            try:
                made.append(work(documents.slice(row, 1)))
                continue
            except Exception as error:
                failed[row] = why = str(error) or type(error).__name__
                stuck += isinstance(error, TimeoutError)
        made.append([pa.nulls(1, kind) for kind in types])
    columns = [
        pa.concat_arrays([one[place] for one in made]) if made else pa.nulls(0, kind)
        for place, kind in enumerate(types)
    ]
    return Spared(columns, failed)
