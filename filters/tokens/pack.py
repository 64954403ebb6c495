"""Packs documents into sequences of one length: decides, from their token counts, where each run of tokens goes.

The algorithm is best fit decreasing, as in Ding et al., "Fewer Truncations Improve Language Modeling"
(arXiv 2404.10830).
"""

from typing import NamedTuple

import numpy as np

from massivetext.filters.kernels.kernel import kernel


class Packing(NamedTuple):
    """Runs of tokens, sorted by sequence, then offset. Sequences are numbered from 0 without gaps."""

    document: np.ndarray  # int64[r]: index into the lengths given
    start: np.ndarray  # int64[r]: first token of the run within the document
    length: np.ndarray  # int32[r]: tokens, never 0
    sequence: np.ndarray  # int64[r]
    offset: np.ndarray  # int32[r]: first token of the run within the sequence
    sequences: int

    def padding(self, sequence_length: int) -> int:
        """The number of places for a token that no document fills."""
        return self.sequences * sequence_length - int(self.length.sum(dtype=np.int64))


def best_fit(lengths: np.ndarray, order: np.ndarray, sequence_length: int) -> Packing:
    """Cut each document into whole sequences and a remainder, and pack the remainders uncut.

    The longest remainder goes first, and of equally long ones that with the lowest `order`. It goes into the sequence
    with the least space that still holds it. Within a sequence, the runs are sorted by `order`, so that the short ones
    do not all come last. lengths: int64[n] tokens, order: uint64[n]. The time is O(n log n).
    """
    whole, remainder = np.divmod(lengths, sequence_length)
    filled = int(whole.sum())
    full = np.repeat(np.arange(len(lengths)), whole)
    part = np.arange(filled) - np.repeat(np.cumsum(whole) - whole, whole)

    left = np.flatnonzero(remainder)
    left = left[np.lexsort((order[left], -remainder[left]))]
    size = remainder[left]
    bins = np.empty(len(left), np.int64)
    count = _best_fit(size, sequence_length, bins)
    within = np.lexsort((order[left], bins))
    left, size, bins = left[within], size[within], bins[within]
    before = np.cumsum(size) - size  # tokens in all earlier remainders, also those of earlier sequences
    offset = before - before[np.searchsorted(bins, bins)]

    return Packing(
        document=np.concatenate([full, left]),
        start=np.concatenate([part, whole[left]]) * sequence_length,
        length=np.concatenate([np.full(filled, sequence_length), size]).astype(np.int32),
        sequence=np.concatenate([np.arange(filled), filled + bins]),
        offset=np.concatenate([np.zeros(filled, np.int64), offset]).astype(np.int32),
        sequences=filled + count,
    )


def concatenate(lengths: np.ndarray, sequence_length: int) -> Packing:
    """Lay the documents end to end in the order given, and cut at every `sequence_length`. Only the last sequence is
    padded; documents are cut anywhere. lengths: int64[n] tokens.
    """
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    # A run begins where a document or a sequence begins.
    begins = np.union1d((ends - lengths)[lengths > 0], np.arange(0, total, sequence_length))
    document = np.searchsorted(ends, begins, side="right")
    return Packing(
        document=document,
        start=begins - (ends - lengths)[document],
        length=np.diff(begins, append=total).astype(np.int32),
        sequence=begins // sequence_length,
        offset=(begins % sequence_length).astype(np.int32),
        sequences=-(-total // sequence_length),
    )


def divided(packed: Packing, lengths: np.ndarray, first: np.ndarray) -> Packing:
    """The packing of documents, from one of groups of neighbouring documents that were packed like one document each.

    Group i holds the documents first[i] to first[i + 1] - 1. lengths: int64[n] tokens, first: int64[groups + 1].
    """
    ends = np.cumsum(lengths)
    begins = ends - lengths
    # Places count all tokens, in the order of documents; a run of a group falls apart where a document begins.
    of_group = begins[first[packed.document]] if len(lengths) else np.empty(0, np.int64)
    place = of_group + packed.start
    sorted_ = np.argsort(place)
    place = place[sorted_]
    cuts = np.union1d(place, begins[lengths > 0])
    run = sorted_[np.searchsorted(place, cuts, side="right") - 1]
    document = np.searchsorted(ends, cuts, side="right")
    total = int(ends[-1]) if len(ends) else 0
    offset = packed.offset[run] + (cuts - (of_group + packed.start)[run])
    sequence = packed.sequence[run]
    by = np.lexsort((offset, sequence))
    return Packing(
        document=document[by],
        start=(cuts - begins[document])[by],
        length=np.diff(cuts, append=total).astype(np.int32)[by],
        sequence=sequence[by],
        offset=offset.astype(np.int32)[by],
        sequences=packed.sequences,
    )


@kernel
def _best_fit(sizes: np.ndarray, capacity: int, bins: np.ndarray) -> int:
    """Write the bin of each size to `bins`, in the order given; returns the number of bins.

    Bins with the same free space form a list. A binary tree over the spaces counts the bins below each node, so that
    the least sufficient space is found in O(log capacity) steps.
    """
    leaves = 1
    while leaves <= capacity:
        leaves *= 2
    tree = np.zeros(2 * leaves, np.int64)
    first = np.full(capacity + 1, -1, np.int64)  # the bin listed first for each free space
    following = np.empty(len(sizes), np.int64)  # the bin listed after each bin
    count = 0
    for item in range(len(sizes)):
        size = sizes[item]
        # Go up until the node's right neighbour has a bin, then down to the leftmost bin of that neighbour.
        node = leaves + size
        if tree[node] == 0:
            while node > 1 and (node & 1 or tree[node + 1] == 0):
                node >>= 1
            if node > 1:
                node += 1
                while node < leaves:
                    node *= 2
                    if tree[node] == 0:
                        node += 1
        if node > 1:
            space = node - leaves
            chosen = first[space]
            first[space] = following[chosen]
            while node:
                tree[node] -= 1
                node >>= 1
        else:
            space = capacity
            chosen = count
            count += 1
        bins[item] = chosen
        space -= size
        following[chosen] = first[space]
        first[space] = chosen
        node = leaves + space
        while node:
            tree[node] += 1
            node >>= 1
    return count
