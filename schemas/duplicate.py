"""Duplicates: which document stays in a removed one's place, in `duplicates/`; and what finds them."""

import pyarrow as pa

DUPLICATE = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("survivor_id", pa.string(), nullable=False),
        pa.field("survivor_output", pa.string()),  # an earlier run's, as configured; null: this one's
        pa.field("kind", pa.string(), nullable=False),  # url | exact | near
        pa.field("jaccard", pa.float64()),  # verified, over the sets of shingles; null for url
    ]
)

CONTAMINATION = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("test_set", pa.string(), nullable=False),
        pa.field("item", pa.string(), nullable=False),
        pa.field("jaccard", pa.float64(), nullable=False),
        pa.field("containment", pa.float64(), nullable=False),  # share of the item's n-grams found
        pa.field("longest_run", pa.int64(), nullable=False),  # words of the longest shared passage
        pa.field("removed", pa.bool_(), nullable=False),
    ]
)
"""A document that shares n-grams of words with a test item, in `contaminated/`."""
