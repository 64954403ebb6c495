"""Finds the stretches of a text that a Unicode normal form (NFC, NFKC) may change, by the quick check of UAX #15.

A stretch runs from an ASCII character, or the text's start, to the next ASCII character. No such character joins the
text before it, so each stretch has a normal form of its own.
"""

import unicodedata
from functools import cache
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import find, trailing_zeros
from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.unicode import POINTS
from massivetext.filters.kernels.utf8 import decode, encode
from massivetext.filters.kernels.widths import BLOCK

Form = Literal["NFC", "NFKC"]

CHANGES, SECOND, FIRST, MARK = 1, 2, 4, 8
"""Kinds of characters. CHANGES: it never occurs in the form, or this Python does not know it. SECOND: it may join the
character before it. FIRST: a SECOND character may join it. MARK: it is put in order with the marks beside it."""

ASSIGNED = 0x32400
"""From here up to the tags at 0xE0000 no Unicode so far assigns a character."""

_SYLLABLES = range(0xAC00, 0xD7A4)  # of Hangul; those without a tail are 28 apart


class Kinds(NamedTuple):
    """The kinds and the combining class of each code point."""

    bits: npt.NDArray[np.uint8]  # [POINTS]
    orders: npt.NDArray[np.uint8]  # [POINTS]: the combining class, 0 for all but marks
    first: np.uint8  # the lowest first byte of a character that changes, is second or is a mark


@cache
def kinds_of(form: Form) -> Kinds:
    """The kinds of all characters for a form."""
    bits, orders = np.zeros(POINTS, np.uint8), np.zeros(POINTS, np.uint8)
    for point in [*range(0x80, 0xD800), *range(0xE000, ASSIGNED), *range(0xE0000, 0xE0200)]:
        character = chr(point)
        orders[point] = unicodedata.combining(character)
        stands = unicodedata.normalize(form, character) == character
        if unicodedata.category(character) == "Cn" or not stands:
            bits[point] |= CHANGES
        parts = unicodedata.decomposition(character).split()
        if len(parts) == 2 and not parts[0].startswith("<") and stands:
            bits[int(parts[0], 16)] |= FIRST
            bits[int(parts[1], 16)] |= SECOND
    bits[ASSIGNED:0xE0000] = bits[0xE0200:0xF0000] = CHANGES
    bits[0x1100:0x1113] |= FIRST  # Hangul's heads, vowels, syllables without a tail, and tails
    bits[0x1161:0x1176] |= SECOND
    bits[_SYLLABLES.start : _SYLLABLES.stop : 28] |= FIRST
    bits[0x11A8:0x11C3] |= SECOND
    bits[orders > 0] |= MARK
    least = int(np.flatnonzero(bits & ~np.uint8(FIRST))[0])
    return Kinds(bits, orders, np.uint8(int(encode(least)[0]) & 0xFF))


def stretches(
    kinds: Kinds, data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int32]
) -> npt.NDArray[np.int32]:
    """The stretches that may not be in the form: int32[n, 3], document, start and end, in order."""
    found = np.empty(
        ((int(offsets[-1] - offsets[0]) + 1) // 2, 3), np.int32
    )  # memory is touched only as far as it is filled
    count = _stretches(*kinds, data, offsets, found)
    return found[:count].copy()


@borrowing_kernel
def _stretches(
    bits: np.ndarray,
    orders: np.ndarray,
    first: np.uint8,
    data: np.ndarray,
    offsets: np.ndarray,
    found: np.ndarray,
) -> int:
    count = 0
    for document in range(len(offsets) - 1):
        start, end = offsets[document], offsets[document + 1]
        at = start
        while at < end:
            mask = find(data, at, first, np.uint8(0xFF))
            base, at = at, at + BLOCK
            while mask:
                place = base + trailing_zeros(mask)
                mask &= mask - np.uint64(1)
                if place >= end:
                    break
                point, _ = decode(data, place, end)
                kind = bits[point]
                if not kind & ~np.uint8(FIRST) or not _may_change(bits, orders, data, start, place, point):
                    continue
                from_, to = _around(data, start, place, end)
                found[count, 0], found[count, 1], found[count, 2] = document, from_, to
                count += 1
                at = to
                break
    return count


@borrowing_kernel
def _may_change(
    bits: np.ndarray, orders: np.ndarray, data: np.ndarray, start: int, place: int, point: int
) -> bool:
    """Whether the form may change a character: by itself, with the one before it, or by the order of marks."""
    kind = bits[point]
    if kind & CHANGES:
        return True
    if place == start:
        return False
    before = place - 1
    while before > start and data[before] & 0xC0 == 0x80:
        before -= 1
    previous, _ = decode(data, before, place)
    if kind & SECOND and bits[previous] & (FIRST | MARK):
        return True
    return bool(orders[point] and orders[previous] > orders[point])


@borrowing_kernel
def _around(data: np.ndarray, start: int, place: int, end: int) -> tuple[int, int]:
    """The stretch around a character."""
    from_, to = place, place
    while from_ > start and data[from_] >= 0x80:
        from_ -= 1
    while to < end and data[to] >= 0x80:
        to += 1
    return from_, to
