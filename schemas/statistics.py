"""Statistics: counts of parts, which can be added up in any order."""

import pyarrow as pa

STATISTIC = pa.schema(
    [
        pa.field("stage", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("figure", pa.string(), nullable=False),  # the thing that is counted, see pipeline.stages.*
        pa.field("key", pa.string(), nullable=False),  # a rule, a language, a histogram's bin; or empty
        pa.field("documents", pa.int64(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),  # UTF-8 bytes of the documents' text
        pa.field("tokens", pa.int64(), nullable=False),
    ]
)
