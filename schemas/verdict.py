"""Verdicts, in `verdicts/`: which rules each document breaks, in the order of `documents/`."""

import pyarrow as pa

VERDICT = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("removed_by", pa.string()),  # the first broken rule, in the rules' order; null if it is kept
        pa.field("failed_rules", pa.list_(pa.string()), nullable=False),  # every broken rule
    ]
)
