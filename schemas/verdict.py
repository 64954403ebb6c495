"""Verdicts: what the rules say of each document, in `verdicts/`, in the order of `documents/`."""

import pyarrow as pa

VERDICT = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("removed_by", pa.string()),  # the first rule broken, in the rules' order; null: it is kept
        pa.field("failed_rules", pa.list_(pa.string()), nullable=False),  # every rule broken
    ]
)
