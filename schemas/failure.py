"""Failures, in `failed/`: records that could not be read. A failure is never fatal and never silent."""

import pyarrow as pa

FAILURE = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("origin_file", pa.string(), nullable=False),
        pa.field("origin_offset", pa.int64(), nullable=False),  # -1: the file as a whole
        pa.field("stage", pa.string(), nullable=False),
        pa.field("error", pa.string(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),  # of the bad record; 0 if unknown
    ]
)
