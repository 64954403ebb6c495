"""Finds all pairs of documents above a Jaccard threshold, exactly: the truth with which deduplication is compared.

It uses prefix filtering (Bayardo, Ma, Srikant: Scaling up all pairs similarity search, WWW 2007): if the Jaccard of two
sets exceeds t, the |A| - ceil(t |A|) + 1 rarest shingles of each set A have at least one in common.
"""

import numpy as np
import numpy.typing as npt

from massivetext.filters.similarity.jaccard import jaccards
from massivetext.filters.similarity.shingles import Shingles

Integers = npt.NDArray[np.int64]


def similar_pairs(sets: Shingles, threshold: float) -> Integers:
    """Rows (i, j), i < j, of every pair strictly above the threshold: int64[pairs, 2]."""
    documents, ranks = _prefixes(sets, threshold)
    order = np.lexsort((documents, ranks))
    documents, ranks = documents[order], ranks[order]
    ends = np.flatnonzero(np.append(ranks[1:] != ranks[:-1], True)) + 1
    codes = [np.empty(0, np.int64)]
    count = len(sets.offsets) - 1
    for group in np.split(documents, ends[:-1]):
        if len(group) > 1:
            left, right = np.triu_indices(len(group), 1)
            codes.append(group[left] * count + group[right])
            if len(codes) > 10_000:
                codes = [np.unique(np.concatenate(codes))]
    left, right = np.divmod(np.unique(np.concatenate(codes)), count)
    found = jaccards(sets.offsets, sets.values, left, right) > threshold
    return np.stack([left[found], right[found]], axis=1)


def _prefixes(sets: Shingles, threshold: float) -> tuple[Integers, Integers]:
    """The shingles of every set that must be compared: their document, and their rank by rarity."""
    _, inverse, counts = np.unique(sets.values, return_inverse=True, return_counts=True)
    ranks = np.empty(len(counts), np.int64)
    ranks[np.lexsort((np.arange(len(counts)), counts))] = np.arange(len(counts))
    sizes = np.diff(sets.offsets)
    documents = np.repeat(np.arange(len(sizes)), sizes)
    values = ranks[inverse]
    order = np.lexsort((values, documents))
    place = np.arange(len(values)) - np.repeat(sets.offsets[:-1], sizes)
    lengths = sizes - np.ceil(threshold * sizes).astype(np.int64) + 1
    inside = place < np.repeat(lengths, sizes)
    return documents[inside], values[order][inside]
