"""The rows that mixing groups, as packed arrays. Pointers are those of tokens/: part << 32 | row."""

import numpy as np

LENGTH = np.dtype([("order", "u8"), ("row", "u4"), ("tokens", "u4")])
"""A document of tokens/: the seeded hash that decides about partial epochs, and its length."""

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
"""A run of a document's tokens, and where it goes."""

SCATTERED = np.dtype([*RUN.descr, ("at", "u8"), ("id", "S32")])
"""A run, and where its tokens lie in the scattered file of its part."""
