"""Terms: the units in which test items are looked for, which no punctuation, case, line end or mark-up changes.

A term is a maximal run of letters, digits and marks, lower-cased: `don't` and `don’t` are two terms each, and
`<b>Which` is `b` and `which`. In scripts written without spaces a term is a unit as in filters.measure.divide, whatever
share of the document is in such a script. Accents, and what nobody sees, are no part of a term: letters are folded
(filters.similarity.fold), so that a text has the same terms in each of Unicode's normal forms.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.avalanche import avalanche
from massivetext.filters.kernels.bits import below, byte, find, trailing_zeros
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.unicode import FOLLOWS, KILLS, LETTER, NUMBER, PART, TRIMMED, WHITE_SPACE
from massivetext.filters.kernels.utf8 import decode, properties, views
from massivetext.filters.kernels.widths import BLOCK
from massivetext.filters.measure.divide import joins_unit
from massivetext.filters.measure.word_hash import NOTHING, add_point, finish, hash_bytes
from massivetext.filters.similarity.fold import fold, nth, size

GRAM = 4
"""The terms of a gram. Of an item with one term in eight changed, some four in a row are always left."""

FACTOR = np.uint64(0x9FB21C651E98DF25)


class Terms(NamedTuple):
    """The terms of one document, and its grams: an entry a term."""

    starts: np.ndarray  # int32: where in the text each starts
    ends: np.ndarray  # int32
    hashes: np.ndarray  # uint64
    pairs: np.ndarray  # uint64: of each term and the next
    grams: np.ndarray  # uint64: of each term and the three that follow


def new_terms(offsets: np.ndarray) -> Terms:
    """Room for the longest of the documents with these text offsets. What is not used takes no memory."""
    size = (int(np.diff(offsets).max(initial=0)) + 1) // 2 + 1
    return Terms(*(np.empty(size, kind) for kind in (np.int32, np.int32, np.uint64, np.uint64, np.uint64)))


@borrowing_kernel
def split_terms(data: np.ndarray, start: int, end: int, terms: Terms) -> int:
    """Find the terms of the document data[start:end], UTF-8, and hash them; returns how many there are."""
    count, block = 0, start
    while block < end:
        strange = find(data, block, byte(0x80), byte(0xFF))
        inside = strange | _plain(data, block)
        inside &= below(end - block)
        edges = inside ^ (inside << np.uint64(1))  # where runs start and end, by turns
        next_block = block + BLOCK
        while edges:
            first = trailing_zeros(edges)
            edges &= edges - np.uint64(1)
            run_start = block + first
            if edges:
                last = trailing_zeros(edges)
                edges &= edges - np.uint64(1)
                run_end = block + last
                is_plain = not (strange & ~below(first) & below(last))
            elif first > 0 and next_block < end:
                next_block = run_start  # the run starts the next block, so it most often ends there
                break
            else:
                run_end = next_block = _run_end(data, min(next_block, end), end)
                is_plain = False
            if is_plain:
                count = _add(data, run_start, run_end, True, terms, count)
            else:
                count = _split_run(data, run_start, run_end, terms, count)
        block = next_block
    return count


@borrowing_kernel
def join_terms(terms: Terms, count: int) -> int:
    """Hash the grams of a document of so many terms; returns how many there are."""
    hashes, pairs, grams = terms.hashes, terms.pairs, terms.grams
    for at in range(count - 1):
        pairs[at] = avalanche(hashes[at] * FACTOR + hashes[at + 1])
    for at in range(count + 1 - GRAM):
        grams[at] = avalanche(pairs[at] * FACTOR + pairs[at + 2])
    return int(max(0, count + 1 - GRAM))


@inlined_kernel
def _plain(data: np.ndarray, block: int) -> np.uint64:
    """The mask of a block's ASCII letters and digits."""
    return (
        find(data, block, byte(0x30), byte(0x39))
        | find(data, block, byte(0x41), byte(0x5A))
        | find(data, block, byte(0x61), byte(0x7A))
    )


@borrowing_kernel
def _run_end(data: np.ndarray, at: int, end: int) -> int:
    """Where a run of ASCII letters, digits and bytes beyond ASCII ends."""
    while at < end:
        outside = ~(_plain(data, at) | find(data, at, byte(0x80), byte(0xFF)))
        if outside:
            at += trailing_zeros(outside)
            return min(at, end)
        at += BLOCK
    return end


@borrowing_kernel
def _split_run(data: np.ndarray, at: int, end: int, terms: Terms, count: int) -> int:
    """The terms of a run that may hold characters beyond ASCII."""
    start, stop, is_plain = -1, at, True  # of the term that is open; none is where `start` is -1
    unit, last = 0, 0  # parts of the open term's letters, as in filters.measure.divide
    while at < end:
        point, width = decode(data, at, end)
        found = properties(point)
        part = found & PART
        if part == 0:
            stays = start >= 0 and unit == 0 and not found & (TRIMMED | WHITE_SPACE)
            is_inside = stays or found & (LETTER | NUMBER) != 0
        else:
            stays = start >= 0 and unit != 0 and joins_unit(part, unit, last, data, at + width, end)
            is_inside = True
        if start >= 0 and not stays:
            count = _add(data, start, stop, is_plain, terms, count)
            start = -1
        if is_inside:
            if start < 0:
                start, is_plain, unit = at, True, part
            is_plain = is_plain and point < 0x80
            stop = at + width
            if part and part != FOLLOWS and part != KILLS:
                unit = part
        last = part
        at += width
    if start >= 0:
        count = _add(data, start, stop, is_plain, terms, count)
    return count


@borrowing_kernel
def _add(data: np.ndarray, start: int, end: int, is_plain: bool, terms: Terms, count: int) -> int:
    """Add a term; `is_plain` says that it holds ASCII alone."""
    terms.starts[count] = start
    terms.ends[count] = end
    terms.hashes[count] = hash_bytes(data, start, end) if is_plain else _hash_folded(data, start, end)
    return count + 1


@borrowing_kernel
def _hash_folded(data: np.ndarray, start: int, end: int) -> np.uint64:
    """The hash of any term, of its folded letters."""
    state, low, high, count = NOTHING
    while start < end:
        point, width = decode(data, start, end)
        start += width
        folds = fold(point)
        for number in range(size(folds)):
            state, low, high, count = add_point(state, low, high, count, nth(folds, number))
    return finish(state, low, high, count)


def terms_of(text: str) -> np.ndarray:
    """The hashes of a text's terms, uint64."""
    return _split(text).hashes


def words(text: str) -> list[str]:
    """A text's terms as they stand in it."""
    found, whole = _split(text), text.encode()
    return [whole[start:end].decode() for start, end in zip(found.starts, found.ends, strict=True)]


def _split(text: str) -> Terms:
    offsets, data = views(pa.array([text], pa.string()))
    terms = new_terms(offsets)
    count = split_terms(data, offsets[0], offsets[1], terms)
    return Terms(*(column[:count] for column in terms))
