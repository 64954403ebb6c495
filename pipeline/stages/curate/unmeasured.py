"""Turns documents that a plugin could not rewrite or measure into failures. The other documents go on."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.utf8 import text_bytes
from massivetext.schemas.failure import FAILURE


def unmeasured(
    documents: pa.RecordBatch, failed: Mapping[int, str], source: str
) -> tuple[pa.RecordBatch, pa.BooleanArray]:
    """Returns the failures (FAILURE) of the documents in the rows of `failed`, and whether each document is not one."""
    rows = sorted(failed)
    lost = documents.take(pa.array(rows))
    failures = pa.RecordBatch.from_pydict(
        {
            "source": [source] * len(rows),
            "origin_file": lost.column("origin_file"),
            "origin_offset": lost.column("origin_offset"),
            "stage": ["measure"] * len(rows),
            "error": [failed[row] for row in rows],
            "bytes": text_bytes(lost),
        },
        FAILURE,
    )
    is_whole = np.ones(documents.num_rows, np.bool_)
    is_whole[rows] = False
    return failures, pa.array(is_whole)
