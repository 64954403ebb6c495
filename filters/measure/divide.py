"""Words in scripts whose words white space does not separate: Han, kana, Thai, Lao, Khmer, Burmese, Tibetan, Ethiopic
and their like.

A document is divided when a tenth of its letters or more belong to such scripts; in others a name in Chinese
characters stays the one word that its white space makes it. The rule needs no dictionary. A unit is

    Han, hiragana, Yi      one character
    katakana               a run of them, as Unicode's word boundaries have it (UAX #29, WB13)
    Thai, Lao              a consonant, the vowels that are written before it, and the vowels and marks after it
    Khmer, Burmese, ...    a consonant, the consonants stacked on it, and its vowels and marks;
                           in Burmese the consonant before an asat ends the unit before it
    Ethiopic               a run of letters: old texts put a mark between words (U+1361), new ones a space
    Tibetan                the letters between two marks, most often a tsheg: a syllable

with every mark and modifier letter that follows. What else stands between white space and units is a word as in
other scripts: what is left of the run once punctuation and symbols are taken off both its ends, if it holds a
letter or a digit. So each letter and digit of a document lies in one word and no other.
"""

import numpy as np

from massivetext.filters.kernels.bits import below, byte, find, ones, whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.unicode import (
    ASCII,
    BINDS,
    FOLLOWS,
    KILLS,
    LEADS,
    LETTER,
    NUMBER,
    PART,
    RUNS,
    STACKS,
    STARTS,
    TRIMMED,
    UPPER,
    WHITE_SPACE,
)
from massivetext.filters.kernels.utf8 import decode, properties
from massivetext.filters.kernels.widths import BLOCK
from massivetext.filters.measure.word_hash import hash_bytes, hash_points

SHARE = 10
"""A document is divided when one in so many of its letters belongs to a script without spaces."""

GLANCE = 1024
"""After so many bytes at a time `is_divided` asks whether it has seen enough."""


@borrowing_kernel
def is_divided(data: np.ndarray, start: int, end: int) -> bool:
    """Whether the document data[start:end] is divided into units: exact, and a glance where the text is Latin."""
    foreign = 0  # at least the letters of scripts without spaces: what starts with such bytes, less E2's punctuation
    for block in range(start, end, BLOCK):
        wide = find(data, block, byte(0xE0), byte(0xF0)) & ~find(data, block, byte(0xE2), byte(0xE2))
        foreign += ones(wide & below(end - block))
    if foreign == 0 or SHARE * foreign < foreign + _latin_letters(data, start, end):
        return False
    letters, divided = 0, 0
    at = start
    while at < end:
        stop = min(at + GLANCE, end)
        while at < stop:
            if data[at] < 0x80:
                letters += ASCII[data[at]] & LETTER != 0
                at += 1
                continue
            point, width = decode(data, at, end)
            found = properties(point)
            is_letter = found & LETTER != 0
            letters += is_letter
            # The few rare letters of Ethiopic that start with E2 count as another script's: see `foreign`.
            divided += is_letter & (found & PART != 0) & (data[at] != 0xE2)
            at += width
        if SHARE * divided >= letters + end - at:
            break  # enough, even if each byte that is left were a letter of another script
    return divided > 0 and SHARE * divided >= letters


@borrowing_kernel
def _latin_letters(data: np.ndarray, start: int, end: int) -> int:
    letters = 0
    for block in range(start, end, BLOCK):
        found = find(data, block, byte(0x41), byte(0x5A)) | find(data, block, byte(0x61), byte(0x7A))
        letters += ones(found & below(end - block))
    return letters


@inlined_kernel
def joins_unit(part: int, unit: int, last: int, data: np.ndarray, at: int, end: int) -> bool:
    """Whether a sign belongs to the unit before it. `unit` is the part of that unit's last letter that is no mark,
    `last` that of its last sign; data[at:end] is what comes after the sign."""
    if part == RUNS:
        return unit == RUNS or last in (BINDS, STACKS)
    if part != STARTS and part != LEADS:
        return True
    if last in (LEADS, BINDS, STACKS):
        return True
    if part == STARTS and at + 2 < end and data[at] == 0xE1 and data[at + 1] == 0x80:
        return bool(data[at + 2] == 0xB9 or data[at + 2] == 0xBA)  # U+1039 and U+103A: virama and asat
    return False


@borrowing_kernel
def divide_words(
    data: np.ndarray,
    start: int,
    end: int,
    starts: np.ndarray,
    ends: np.ndarray,
    characters: np.ndarray,
    hashes: np.ndarray,
) -> int:
    """Find the words of the text data[start:end] of a document that is divided, as `split_words` does."""
    count = 0
    first, stop = -1, start  # of the word that is open; none is where `first` is -1
    signs, signs_to_stop, seen = 0, 0, 0
    unit, last = 0, 0  # parts of the open word's letters; 0 in a word of another script
    at = start
    while at <= end:
        found, width = WHITE_SPACE, 1  # the end of the text ends a word, too
        if at < end:
            if data[at] < 0x80:
                found = whole(ASCII[data[at]])
            else:
                point, width = decode(data, at, end)
                found = properties(point)
        part = found & PART
        if part == 0:
            goes_on = first >= 0 and unit == 0 and not found & WHITE_SPACE
        else:
            goes_on = first >= 0 and unit != 0 and joins_unit(part, unit, last, data, at + width, end)
        if first >= 0 and not goes_on:
            if seen & (LETTER | NUMBER):
                starts[count], ends[count], characters[count] = first, stop, signs_to_stop
                hashes[count] = (
                    hash_points(data, first, stop) if seen & UPPER else hash_bytes(data, first, stop)
                )
                count += 1
            first = -1
        if first < 0:
            if part == 0 and found & (WHITE_SPACE | TRIMMED):
                at += width
                continue
            first, signs, seen, unit = at, 0, 0, part
        signs += 1
        if part or not found & TRIMMED:
            stop, signs_to_stop = at + width, signs
        seen |= found
        if part and part != FOLLOWS and part != KILLS:
            unit = part
        last = part
        at += width
    return count
