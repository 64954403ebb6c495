"""The tables of `duplicates/`, which names the survivor of each removed document, and of `contaminated/`."""

from enum import IntEnum

import pyarrow as pa


class DuplicateKind(IntEnum):
    """The kinds of duplicates: what a removed document and its survivor have in common."""

    NEAR = 0  # most shingles
    EXACT = 1  # the text
    URL = 2  # the canonical URL; the survivor is its newest capture

    @property
    def label(self) -> str:
        """The name of the kind as columns, report and commands spell it."""
        return self.name.lower()


DUPLICATE_KINDS = tuple(kind.label for kind in sorted(DuplicateKind, reverse=True))
"""The names of all kinds, in the order in which the stage looks for them."""

DUPLICATE = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("survivor_id", pa.string(), nullable=False),
        pa.field("survivor_output", pa.string()),  # the earlier run that holds it; null: this run
        pa.field("kind", pa.string(), nullable=False),  # one of DUPLICATE_KINDS
        pa.field("jaccard", pa.float64()),  # of the sets of shingles, computed exactly; null for url
    ]
)

CONTAMINATION = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("test_set", pa.string(), nullable=False),
        pa.field("item", pa.string(), nullable=False),
        pa.field("role", pa.string(), nullable=False),  # question | answer | passage | document | title
        pa.field("containment", pa.float64(), nullable=False),  # share of the item's part found, by weight
        pa.field("score", pa.float64()),  # in bits: how unlikely it is that these words occur there by chance
        pa.field("jaccard", pa.float64()),  # of whole documents: null unless the role is `document`
        pa.field("longest_run", pa.int64(), nullable=False),  # words of the longest shared passage
        pa.field("start", pa.int64()),  # where in the text the match begins, in bytes
        pa.field("end", pa.int64()),
        pa.field("missing", pa.list_(pa.string())),  # words of the item's part that the document lacks
        pa.field("answer", pa.float64()),  # share of the item's answer found beside its question
        pa.field("removed", pa.bool_(), nullable=False),
    ]
)
"""A part of a test item that a document holds, or a document that resembles an item, in `contaminated/`."""
