"""Fill-in-the-middle: moves the middle of documents to their end, so that a model learns to write the text between two
others (Bavarian et al., arXiv 2207.14255).

A seeded hash of its id decides whether a document is rearranged, at which two of its characters it is cut, and in
which of two orders its three pieces follow. Each piece is encoded by itself:

    prefix first (PSM)    PREFIX prefix SUFFIX suffix MIDDLE middle
    suffix first (SPM)    PREFIX SUFFIX suffix MIDDLE prefix middle
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.seeded import derive, order, share_of
from massivetext.pipeline.stages.tokenize.encode import Encoder

Ids = npt.NDArray[np.unsignedinteger]


class Signs(NamedTuple):
    """The ids of the tokens before the pieces."""

    prefix: int
    suffix: int
    middle: int


class FillInTheMiddle:
    """Encodes documents like an Encoder, and rearranges a share of them."""

    def __init__(self, encoder: Encoder, signs: Signs, rate: float, suffix_first: float) -> None:
        self._encoder = encoder
        self._signs = signs
        self._rate = rate
        self._suffix_first = suffix_first
        self.rearranged = 0  # documents

    def encode(self, ids: pa.StringArray, text: pa.StringArray) -> pa.ListArray:
        """Returns the token ids of each document; see Encoder.encode."""
        hashes = order(ids, self._encoder.seed, "fill in the middle")
        rows = np.flatnonzero(share_of(hashes, self._rate))
        self.rearranged += len(rows)
        is_rearranged = np.isin(np.arange(len(ids)), rows)
        encoded = self._encoder.encode(ids, pc.if_else(pa.array(is_rearranged), "", text))
        if len(rows) == 0:
            return encoded
        first = share_of(derive(hashes[rows], self._encoder.seed, "suffix first"), self._suffix_first)
        made = self._rearranged(ids.take(pa.array(rows)), text.take(pa.array(rows)), hashes[rows], first)
        parts = _lists(encoded)
        for row, tokens in zip(rows.tolist(), made, strict=True):
            parts[row] = tokens
        offsets = np.cumsum([0, *map(len, parts)]).astype(np.int32)
        return pa.ListArray.from_arrays(offsets, pa.array(np.concatenate(parts)), type=encoded.type)

    def _rearranged(
        self,
        ids: pa.StringArray,
        text: pa.StringArray,
        hashes: npt.NDArray[np.uint64],
        suffix_first: npt.NDArray[np.bool_],
    ) -> list[Ids]:
        pieces = [
            piece
            for document, *cuts in zip(text.to_pylist(), *self._cuts(hashes), strict=True)
            for piece in _cut(document, cuts)
        ]
        repeated = ids.take(pa.array(np.repeat(np.arange(len(ids)), 3)))
        found = _lists(self._encoder.encode(repeated, pa.array(pieces, pa.string())))
        bos, eos = self._encoder.bos >= 0, self._encoder.eos >= 0
        inner = [tokens[bos : len(tokens) - eos] for tokens in found]
        dtype = found[0].dtype
        prefix, suffix, middle = (np.array([sign], dtype) for sign in self._signs)
        before, after = (
            np.array([boundary], dtype) if boundary >= 0 else np.empty(0, dtype)
            for boundary in (self._encoder.bos, self._encoder.eos)
        )
        made = []
        for row, is_first in enumerate(suffix_first.tolist()):
            left, between, right = inner[3 * row : 3 * row + 3]
            if is_first:
                whole = (before, prefix, suffix, right, middle, left, between, after)
            else:
                whole = (before, prefix, left, suffix, right, middle, between, after)
            made.append(np.concatenate(whole))
        return made

    def _cuts(self, hashes: npt.NDArray[np.uint64]) -> tuple[list[int], list[int]]:
        one, other = (derive(hashes, self._encoder.seed, name).tolist() for name in ("one cut", "other cut"))
        return one, other


def _cut(document: str, cuts: list[int]) -> tuple[str, str, str]:
    """Returns the pieces before, between and after two places, which two hashes choose."""
    first, second = sorted(cut % (len(document) + 1) for cut in cuts)
    return document[:first], document[first:second], document[second:]


def _lists(encoded: pa.ListArray) -> list[Ids]:
    return np.split(encoded.values.to_numpy(), encoded.offsets.to_numpy()[1:-1])
