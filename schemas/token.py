"""Tokens and sequences: `tokens/` and `shards/index.parquet`."""

import pyarrow as pa


def tokens(vocabulary: int) -> pa.Schema:
    """The columns of `tokens/` for a vocabulary of this size: 16 bits a token if they suffice, else 32."""
    item = pa.uint16() if vocabulary <= 1 << 16 else pa.uint32()
    return pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            pa.field(
                "length", pa.int32(), nullable=False
            ),  # how many tokens there are, for who reads no tokens
            pa.field("tokens", pa.list_(pa.field("item", item, nullable=False)), nullable=False),
        ]
    )


SEQUENCE = pa.schema(
    [
        pa.field("shard", pa.int32(), nullable=False),
        pa.field("sequence", pa.int32(), nullable=False),  # position within the shard
        pa.field("source", pa.string(), nullable=False),
        pa.field("tokens", pa.int32(), nullable=False),  # without padding
        # One entry for each run of tokens from one document, in the sequence's order.
        pa.field("document_ids", pa.list_(pa.string()), nullable=False),
        pa.field("copies", pa.list_(pa.int32()), nullable=False),  # which copy of the document, from 0
        pa.field("starts", pa.list_(pa.int64()), nullable=False),  # of the run within the document, in tokens
        pa.field("lengths", pa.list_(pa.int32()), nullable=False),  # of the run, in tokens
    ]
)
"""The index of the shards: the documents that each sequence comes from."""
