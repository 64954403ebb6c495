"""The most probable division of a text into the pieces of a unigram model: Viterbi's algorithm over a trie.

Sums are rounded as SentencePiece rounds them: to 32 bits after each piece, from the text's beginning on. In a long text
the rounding decides between divisions, so a word's ids depend on all that stands before it, and none are remembered.
Where a sum has become large, it and those of the places ahead are moved back to about 0.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, kernel
from massivetext.filters.tokens.unigram.normalise import Normaliser, normalise, width_of
from massivetext.filters.tokens.unigram.trie import Trie, child

_LEAST_SUM = np.float32(-100_000)
"""Lower sums are moved back, as in SentencePiece 0.2.3. Version 0.2.1 let sums grow, and so gave other ids."""


class Pieces(NamedTuple):
    """A vocabulary."""

    trie: Trie  # of the pieces that texts may hold; its values are ids
    scores: npt.NDArray[np.float32]  # by id, the logarithm of the probability
    is_chosen: npt.NDArray[np.bool_]  # by id: pieces of the user, which win over all others
    bonus: np.float32  # of such a piece, by its length in bytes
    unknown: int  # the id of a character that is no piece
    unknown_score: np.float32
    longest: int  # bytes of a piece, or of a character
    byte_ids: npt.NDArray[
        np.int32
    ]  # [256], which spell an unknown character; empty if the unknown id stands for it


def encode(
    normaliser: Normaliser,
    pieces: Pieces,
    data: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int32],
    bos: int,
    eos: int,
    dtype: npt.DTypeLike,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.unsignedinteger]]:
    """The ids of the documents data[offsets[i] : offsets[i + 1]] (valid UTF-8), and where each one's start. `bos` comes
    before the ids of each document and `eos` after them, unless it is -1.
    """
    text, places = normalise(normaliser, data, offsets)
    ids = np.empty(int(places[-1]) + 2 * len(offsets), dtype)
    starts = np.zeros(len(offsets), np.int32)
    _encode(pieces, text, places, ids, starts, bos, eos)
    return starts, ids[: starts[-1]].copy()


@kernel
def _encode(
    pieces: Pieces,
    text: np.ndarray,
    places: np.ndarray,
    ids: np.ndarray,
    starts: np.ndarray,
    bos: int,
    eos: int,
) -> None:
    longest = 0
    for row in range(len(places) - 1):
        longest = max(longest, places[row + 1] - places[row])
    sums = np.empty(longest + 1, np.float32)
    begins = np.empty(longest + 1, np.int64)
    last = np.empty(longest + 1, np.int32)
    to = 0
    for row in range(len(places) - 1):
        if bos >= 0:
            ids[to] = bos
            to += 1
        start, end = places[row], places[row + 1]
        _divide(pieces, text, start, end, sums, begins, last)
        to = _write(pieces, text, start, end, begins, last, ids, to)
        if eos >= 0:
            ids[to] = eos
            to += 1
        starts[row + 1] = to


@borrowing_kernel
def _divide(
    pieces: Pieces,
    text: np.ndarray,
    start: int,
    end: int,
    sums: np.ndarray,
    begins: np.ndarray,
    last: np.ndarray,
) -> None:
    """Find, for each end of a piece, the best division up to there: its sum, and where its last piece begins."""
    size = end - start
    begins[: size + 1] = -1
    sums[0] = 0
    at = 0
    while at < size:
        if sums[at] < _LEAST_SUM:
            offset = sums[at]
            for place in range(at, min(size, at + pieces.longest) + 1):
                sums[place] -= offset
        before = sums[at]
        width = min(width_of(text[start + at]), size - at)
        is_piece = False
        node, place = 0, at
        while place < size:
            node = child(pieces.trie, node, whole(text[start + place]))
            if node == 0:
                break
            place += 1
            identity = pieces.trie.values[node]
            if identity < 0:
                continue
            length = place - at
            best = np.float32(pieces.scores[identity] + before)
            if pieces.is_chosen[identity]:
                best = np.float32(np.float32(length) * pieces.bonus - np.float32(0.1)) + before
            if begins[place] < 0 or best > sums[place]:
                sums[place] = best
                begins[place] = at
                last[place] = identity
            if length == width:
                is_piece = True
        if not is_piece:
            place = at + width
            best = np.float32(pieces.unknown_score + before)
            if begins[place] < 0 or best > sums[place]:
                sums[place] = best
                begins[place] = at
                last[place] = pieces.unknown
        at += width


@borrowing_kernel
def _write(
    pieces: Pieces,
    text: np.ndarray,
    start: int,
    end: int,
    begins: np.ndarray,
    last: np.ndarray,
    ids: np.ndarray,
    to: int,
) -> int:
    """Write the ids of the best division to ids[to:]; returns where they end."""
    # Turn the chain of pieces around: begins[i] is then where the piece that starts at i ends.
    place, following = end - start, -1
    while place > 0:
        before = begins[place]
        begins[place] = following
        following = place
        place = before
    begins[0] = following
    at, was_unknown = 0, False
    while following >= 0:
        at, place = place, following
        following = begins[place]
        identity = last[place]
        is_unknown = identity == pieces.unknown
        if is_unknown and len(pieces.byte_ids):
            for byte in range(at, place):
                ids[to] = pieces.byte_ids[text[start + byte]]
                to += 1
        elif not (is_unknown and was_unknown):
            ids[to] = identity
            to += 1
        was_unknown = is_unknown
    return to
