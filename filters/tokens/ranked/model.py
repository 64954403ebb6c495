"""A tokenizer laid out as arrays, and the encoding of one word."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel, kernel
from massivetext.filters.kernels.unicode import POINTS
from massivetext.filters.kernels.utf8 import decode
from massivetext.filters.tokens.ranked.added import Added
from massivetext.filters.tokens.ranked.layers import Layers
from massivetext.filters.tokens.ranked.merges import ROWS, Merges, merge
from massivetext.filters.tokens.ranked.seams import Seams
from massivetext.filters.tokens.ranked.vocabulary import (
    ANYWHERE,
    ONLY_WHOLE,
    Vocabulary,
    find_token,
    hash_text,
)


class Symbols(NamedTuple):
    """The ids that merges start from: those of the text's bytes, or those of its characters. A character without an id
    is spelt in bytes.
    """

    byte_ids: npt.NDArray[np.int32]  # [256]
    characters: npt.NDArray[np.int32]  # [POINTS], -1 without an id; empty if merges start from bytes


class Model(NamedTuple):
    """A tokenizer, laid out for the kernels."""

    added: Added
    layers: Layers
    seams: Seams
    vocabulary: Vocabulary
    merges: Merges
    symbols: Symbols


def characters(ids: dict[str, int]) -> npt.NDArray[np.int32]:
    """The ids of the characters that are tokens, by code point; -1 for the others."""
    table = np.full(POINTS, -1, np.int32)
    for character, identity in ids.items():
        table[ord(character)] = identity
    return table


@kernel
def settle(model: Model, ignores_merges: bool) -> None:
    """Fill in vocabulary.use. A token that the merges of its own bytes give may occur anywhere. Any other one occurs
    only as a whole pre-token if the tokenizer `ignores_merges`, and else never.
    """
    vocabulary = model.vocabulary
    ids = np.empty(64, np.uint32)
    work = np.empty((ROWS, 64), np.int64)
    for identity in range(len(vocabulary.use)):
        start, end = vocabulary.offsets[identity], vocabulary.offsets[identity + 1]
        if start == end:
            continue
        if len(ids) <= end - start:
            ids = np.empty(2 * (end - start), np.uint32)
            work = np.empty((ROWS, 2 * (end - start)), np.int64)
        count = merged(model.merges, model.symbols, vocabulary.data, start, end, work, ids, 0)
        if count == 1 and ids[0] == identity:
            vocabulary.use[identity] = ANYWHERE
        elif ignores_merges:
            vocabulary.use[identity] = ONLY_WHOLE


@inlined_kernel
def token_of(
    vocabulary: Vocabulary, mixed: np.uint64, data: np.ndarray, start: int, end: int, is_whole: bool
) -> int:
    """The id of a word that is a token by itself; else -1. `mixed` is its hash; `is_whole` says that it is a whole
    pre-token.
    """
    identity = find_token(vocabulary, mixed, data, start, end)
    if identity >= 0:
        use = vocabulary.use[identity]
        if use == ANYWHERE or (use == ONLY_WHOLE and is_whole):
            return identity
    return -1


@borrowing_kernel
def word_ids(
    vocabulary: Vocabulary,
    merges: Merges,
    symbols: Symbols,
    data: np.ndarray,
    start: int,
    end: int,
    is_whole: bool,
    work: np.ndarray,
    ids: np.ndarray,
    to: int,
) -> int:
    """Encode a word into ids[to:]; returns the number of its ids."""
    identity = token_of(vocabulary, hash_text(data, start, end), data, start, end, is_whole)
    if identity >= 0:
        ids[to] = identity
        return 1
    return merged(merges, symbols, data, start, end, work, ids, to)


@borrowing_kernel
def merged(
    merges: Merges,
    symbols: Symbols,
    data: np.ndarray,
    start: int,
    end: int,
    work: np.ndarray,
    ids: np.ndarray,
    to: int,
) -> int:
    """Write the ids that the merges of a word give to ids[to:]; returns their number."""
    count = first_ids(symbols, data, start, end, work[0], 0)
    count = merge(merges, work, count)
    for i in range(count):
        ids[to + i] = work[0, i]
    return count


@inlined_kernel
def first_ids(symbols: Symbols, data: np.ndarray, start: int, end: int, ids: np.ndarray, to: int) -> int:
    """Write the ids that the merges of a word start from to ids[to:]; returns their number."""
    count = to
    if len(symbols.characters) == 0:
        for at in range(start, end):
            ids[count] = symbols.byte_ids[data[at]]
            count += 1
        return count - to
    at = start
    while at < end:
        point, width = decode(data, at, end)
        symbol = whole(symbols.characters[point])
        if symbol >= 0:
            ids[count] = symbol
            count += 1
        else:
            for place in range(at, at + width):
                ids[count] = symbols.byte_ids[data[place]]
                count += 1
        at += width
    return count - to
