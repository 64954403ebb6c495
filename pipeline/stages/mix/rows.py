"""The rows that mixing groups, as packed arrays. A pointer is the place of a document in tokens/: part << 32 | row."""

import numpy as np

LENGTH = np.dtype([("order", "u8"), ("row", "u4"), ("tokens", "u4")])
"""A document of tokens/: its length, and the seeded hash that decides whether it belongs to a partial epoch."""

COPY = np.dtype([("order", "u8"), ("pointer", "u8"), ("copy", "u4"), ("tokens", "u4")])
"""One copy of a document that goes into the mix; `order` is the copy's own."""

RUN = np.dtype(
    [
        ("shard", "u4"),
        ("key", "u8"),  # the seeded hash that places the sequence
        ("source", "u2"),
        ("group", "u4"),  # the group of documents packed together, and the sequence's number in it
        ("sequence", "u4"),
        ("offset", "u4"),  # of the run within the sequence
        ("pointer", "u8"),
        ("copy", "u4"),
        ("start", "u4"),  # of the run within the document
        ("tokens", "u4"),
    ]
)
"""A run of a document's tokens, and its place in the shards."""

SCATTERED = np.dtype([*RUN.descr, ("at", "u8"), ("id", "S32")])
"""A run, and the place of its tokens in the scattered file of its part."""
