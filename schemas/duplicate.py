"""Duplicates: which document stays in a removed one's place, in `duplicates/`; and what finds them."""

from enum import IntEnum

import pyarrow as pa


class DuplicateKind(IntEnum):
    """What a removed document and its survivor have in common."""

    NEAR = 0  # most shingles
    EXACT = 1  # the text
    URL = 2  # the canonical URL, of which the survivor's is the newest capture

    @property
    def label(self) -> str:
        """As columns, report and commands spell it."""
        return self.name.lower()


DUPLICATE_KINDS = tuple(kind.label for kind in sorted(DuplicateKind, reverse=True))
"""All kinds, in the order in which they are looked for."""

DUPLICATE = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("survivor_id", pa.string(), nullable=False),
        pa.field("survivor_output", pa.string()),  # an earlier run's, as configured; null: this one's
        pa.field("kind", pa.string(), nullable=False),  # one of DUPLICATE_KINDS
        pa.field("jaccard", pa.float64()),  # verified, over the sets of shingles; null for url
    ]
)

CONTAMINATION = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("test_set", pa.string(), nullable=False),
        pa.field("item", pa.string(), nullable=False),
        pa.field("role", pa.string(), nullable=False),  # question | answer | passage | document | title
        pa.field("containment", pa.float64(), nullable=False),  # share of the item's part found, by weight
        pa.field("score", pa.float64()),  # bits: how unlikely it is that what was found is there by chance
        pa.field("jaccard", pa.float64()),  # of whole documents: null unless the role is `document`
        pa.field("longest_run", pa.int64(), nullable=False),  # words of the longest shared passage
        pa.field("start", pa.int64()),  # where in the text what was found begins, in bytes
        pa.field("end", pa.int64()),
        pa.field(
            "missing", pa.list_(pa.string())
        ),  # words of the item's part that the document does not have
        pa.field("answer", pa.float64()),  # share of the item's answer that stands beside its question
        pa.field("removed", pa.bool_(), nullable=False),
    ]
)
"""A part of a test item that a document holds, or a document that resembles an item, in `contaminated/`."""
