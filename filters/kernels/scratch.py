"""The arrays that the measurements work in: one set a thread, kept from batch to batch."""

from typing import NamedTuple

import numpy as np

SEEN = 1 << 20
"""Bytes of `seen` that stay in the cache; it is longer for a document of more than a few megabytes."""


class Scratch(NamedTuple):
    """Room for one document. Room that no document uses is never touched, so it costs no memory.

    Distinct words are numbered from 0 in the order in which they first occur, and so are n-grams. When the words are
    measured, the same arrays serve the lines and paragraphs, as the names in parentheses say.
    """

    # The words of the part of the document that is being read, as filters.measure.words.split_words finds them.
    starts: np.ndarray  # int32
    ends: np.ndarray  # int32
    characters: np.ndarray  # int32
    hashes: np.ndarray  # uint64

    numbers: np.ndarray  # int32: the number of each of the document's words (lines), in the text's order

    # By a word's (line's) number.
    keys: np.ndarray  # uint64: its hash
    firsts: np.ndarray  # int32: where it first starts
    sizes: np.ndarray  # int32: its bytes there
    lengths: np.ndarray  # int32: its code points
    counts: np.ndarray  # int32: how often it occurs

    # N-grams (paragraphs) in the text's order.
    places: np.ndarray  # int32: the word (line) each starts with
    grams: np.ndarray  # int32: the number of each

    # By an n-gram's (paragraph's) number.
    gram_keys: np.ndarray  # uint64: its hash
    gram_counts: np.ndarray  # int32: how often it occurs
    gram_ends: np.ndarray  # int32: the word after its last occurrence (the line after a paragraph's first)
    gram_lengths: np.ndarray  # int64: code points in the words it covers (in the paragraph)

    seen: np.ndarray  # uint8: by some bits of an n-gram's hash, 1 if it occurs once, 2 if perhaps more often


def new_scratch(size: int) -> Scratch:
    """Room for documents of up to `size` bytes."""
    most = (size + 1) // 2  # at least a byte separates two words, or two lines
    kinds = {"hashes": np.uint64, "keys": np.uint64, "gram_keys": np.uint64, "gram_lengths": np.int64}
    columns = {name: np.empty(most, kinds.get(name, np.int32)) for name in Scratch._fields[:-1]}
    return Scratch(**columns, seen=np.empty(max(SEEN, 1 << most.bit_length()), np.uint8))
