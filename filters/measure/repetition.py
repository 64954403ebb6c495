"""Gopher's n-gram repetition measurements (arXiv 2112.11446, appendix A.1.1, Table A1).

Characters are the words' code points, without spaces; a fraction's denominator is all words' code points.

Numbers instead of hashes make this exact: an n-gram is the pair of the numbers of its two (n-1)-grams, the
pair fits 64 bits, and the mixing of the bits before the table is a bijection. So equal keys are equal
n-grams, and nothing need be compared. And since an n-gram cannot occur twice unless both of its (n-1)-grams
do, only the places that are still repeated go from each n to the next: in prose, one in 17 at n = 5.
"""

import numpy as np

from massivetext.filters.kernels.avalanche import avalanche
from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.scratch import SEEN, Scratch
from massivetext.filters.kernels.table import SMALLEST, add, first_size, home, next_epoch, probe

MOST_AT_ONCE = 1 << 18
"""N-grams that are numbered in one pass, about: their table takes up to 16 MiB."""


@borrowing_kernel
def measure_grams(
    scratch: Scratch,
    words: int,
    characters: int,
    slots: np.ndarray,
    epochs: np.ndarray,
    top: np.ndarray,
    duplicate: np.ndarray,
) -> None:
    """Fill top (n = 2 to 4) and duplicate (n = 5 to 10) with the fractions of a document's numbered words.

    characters: code points of all the words, above 0.
    """
    top[:], duplicate[:] = 0, 0
    left = _repeated_words(scratch, words)
    for n in range(2, 11):
        left = _list_candidates(scratch, left)
        distinct = _number_grams(scratch, left, slots, epochs)
        left = _keep_repeated(scratch, left)
        if left == 0:
            break
        if n <= 4:
            top[n - 2] = _top_characters(scratch, left, distinct, n) / characters
        else:
            duplicate[n - 5] = _covered_characters(scratch, left, n) / characters


@borrowing_kernel
def measure_copies(
    scratch: Scratch, words: int, characters: int, slots: np.ndarray, epochs: np.ndarray, copies: np.ndarray
) -> None:
    """Fill copies (n = 5 to 10) with the fractions of a document's numbered words that are copies after the first."""
    copies[:] = 0
    left = _repeated_words(scratch, words)
    for n in range(2, 11):
        left = _list_candidates(scratch, left)
        distinct = _number_grams(scratch, left, slots, epochs)
        left = _keep_repeated(scratch, left)
        if left == 0:
            break
        if n >= 5:
            copies[n - 5] = _copied_characters(scratch, left, distinct, n) / characters


@borrowing_kernel
def _copied_characters(scratch: Scratch, listed: int, distinct: int, n: int) -> int:
    """Code points of the listed n-grams that were met before, from left to right: behind one the search goes on after
    its last word, and an n-gram that begins within it is not met."""
    for number in range(distinct):
        scratch.gram_lengths[number] = 0  # whether it was met
    copied, free = 0, 0
    for item in range(listed):
        place, number = whole(scratch.places[item]), scratch.grams[item]
        if place < free:
            continue
        if scratch.gram_lengths[number]:
            copied += _characters(scratch, place, place + n)
            free = place + n
        scratch.gram_lengths[number] = 1
    return copied


@borrowing_kernel
def _repeated_words(scratch: Scratch, words: int) -> int:
    """List the places of the words that occur twice or more; returns how many there are."""
    left = 0
    for place in range(words):
        number = scratch.numbers[place]
        scratch.places[left], scratch.grams[left] = place, number
        left += scratch.counts[number] > 1
    return left


@borrowing_kernel
def _list_candidates(scratch: Scratch, listed: int) -> int:
    """From the list of repeated (n-1)-grams make, in place, that of the n-grams both of whose parts are in
    it, less most of those that occur once; returns how many there are. Their keys are in `hashes`.

    Free of branches that depend on the text: twice as fast as the table for what occurs once. A long document has two
    bytes of `seen` for each n-gram, so that the many that occur once take no room in the arrays by number.
    """
    places, grams, keys, seen = scratch.places, scratch.grams, scratch.hashes, scratch.seen
    size = SMALLEST
    while (size < 8 * listed and size < SEEN) or (size < 2 * listed and size < len(seen)):
        size *= 2
    seen[:size] = 0
    left = np.uint64(0)
    for item in range(listed - 1):
        place = places[item]
        places[left] = place
        keys[left] = np.uint64(grams[item]) << np.uint64(32) | np.uint64(grams[item + 1])
        left += np.uint64(places[item + 1] == place + 1)
    mask = np.uint64(size - 1)
    for item in range(left):
        key = avalanche(keys[item])
        keys[item] = key
        at = key >> np.uint64(32) & mask
        seen[at] = min(seen[at] + 1, 2)
    kept = np.uint64(0)
    for item in range(left):
        key = keys[item]
        places[kept], keys[kept] = places[item], key
        kept += np.uint64(seen[key >> np.uint64(32) & mask] > 1)
    return whole(kept)


@borrowing_kernel
def _number_grams(scratch: Scratch, listed: int, slots: np.ndarray, epochs: np.ndarray) -> int:
    """Number the listed n-grams, whose keys are in `hashes`; returns how many are distinct.

    Those of a long document are numbered in several passes, by the upper bits of their keys: a table of all of them
    would take more memory than everything else.
    """
    bits = 0
    while listed >> bits > MOST_AT_ONCE:
        bits += 1
    distinct = 0
    for wanted in range(1 << bits):
        distinct += _number_some(scratch, listed, bits, np.uint64(wanted), distinct, slots, epochs)
    return distinct


@borrowing_kernel
def _number_some(
    scratch: Scratch,
    listed: int,
    bits: int,
    wanted: np.uint64,
    first: int,
    slots: np.ndarray,
    epochs: np.ndarray,
) -> int:
    """Number, from `first` on, the listed n-grams whose keys start with the `bits` bits `wanted`; returns how many are
    distinct."""
    distinct = 0
    size = first_size(listed)
    epoch = next_epoch(epochs)
    for item in range(listed):
        key = scratch.hashes[item]
        if bits > 0 and key >> np.uint64(64 - bits) != wanted:
            continue
        at, number = probe(slots, size, epoch, key, home(key, size))
        if number < 0:
            number = distinct
            size = add(slots, size, epochs, at, key, scratch.gram_keys, number)
            epoch = epochs[0]
            scratch.gram_counts[first + number] = 0
            distinct += 1
        scratch.gram_counts[first + number] += 1
        scratch.grams[item] = first + number
    return distinct


@borrowing_kernel
def _keep_repeated(scratch: Scratch, listed: int) -> int:
    """Drop the n-grams that occur once from the list; returns how many are left."""
    left = 0
    for item in range(listed):
        number = scratch.grams[item]
        scratch.places[left], scratch.grams[left] = scratch.places[item], number
        left += scratch.gram_counts[number] > 1
    return left


@borrowing_kernel
def _top_characters(scratch: Scratch, listed: int, distinct: int, n: int) -> int:
    """Code points of the words covered by the most frequent n-gram, each word once; of n-grams equally
    frequent, the one that covers most."""
    most = 0
    for number in range(distinct):
        most = max(most, scratch.gram_counts[number])
        scratch.gram_lengths[number] = 0
        scratch.gram_ends[number] = 0
    for item in range(listed):
        number = scratch.grams[item]
        if scratch.gram_counts[number] == most:
            place = whole(scratch.places[item])
            first = max(place, whole(scratch.gram_ends[number]))
            scratch.gram_lengths[number] += _characters(scratch, first, place + n)
            scratch.gram_ends[number] = place + n
    longest = 0
    for number in range(distinct):
        longest = max(longest, scratch.gram_lengths[number])
    return longest


@borrowing_kernel
def _covered_characters(scratch: Scratch, listed: int, n: int) -> int:
    """Code points of the words covered by any of the listed n-grams, each word once."""
    covered, end = 0, 0
    for item in range(listed):
        place = whole(scratch.places[item])
        covered += _characters(scratch, max(place, end), place + n)
        end = place + n
    return covered


@borrowing_kernel
def _characters(scratch: Scratch, first: int, end: int) -> int:
    characters = 0
    for place in range(first, end):
        characters += scratch.lengths[scratch.numbers[place]]
    return characters
