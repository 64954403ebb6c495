"""SentencePiece's normalisation of a text: its character map, white space, and U+2581 for each space.

The character map is a trie (a double array, as Darts writes it) from strings of the text to their replacements; the
longest string that fits is replaced. So NFKC and case folding are tables of the model, not rules.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel, kernel
from massivetext.filters.tokens.unigram.trie import Trie, child, trie

_SPACE = 0x20
_SIGN = (0xE2, 0x96, 0x81)  # U+2581 in UTF-8
_MOST_MATCHES = 32  # of the character map that SentencePiece looks at
_LABEL = np.uint32(0x800000FF)
_VALUE = np.uint32(0x7FFFFFFF)


class Normaliser(NamedTuple):
    """What a model's file says of its normalisation."""

    map: npt.NDArray[np.uint32]  # the double array; empty if the model maps nothing
    replacements: npt.NDArray[np.uint8]  # strings that end in 0
    kept: Trie  # strings that are never mapped
    begins_with_space: bool
    drops_spaces: bool  # those at the ends, and of several all but the first


def normaliser(
    character_map: bytes, kept: list[bytes], begins_with_space: bool, drops_spaces: bool
) -> Normaliser:
    """Lay out a normalisation. `character_map` is the model's: the size of the double array, that array, strings."""
    size = int.from_bytes(character_map[:4], "little") if character_map else 0
    start = 4 if character_map else 0
    return Normaliser(
        np.frombuffer(character_map[start : start + size], np.uint32).copy(),
        np.frombuffer(character_map[start + size :], np.uint8).copy(),
        trie(dict.fromkeys(kept, 0)),
        begins_with_space,
        drops_spaces,
    )


def normalise(
    how: Normaliser, data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The documents data[offsets[i] : offsets[i + 1]] (valid UTF-8), normalised, end to end, and where each begins."""
    starts = np.zeros(len(offsets), np.int64)
    room = 2 * int(offsets[-1] - offsets[0]) + 64 * len(offsets)
    while True:
        out = np.empty(room, np.uint8)
        if _normalise(how, data, offsets, out, starts):
            return out, starts
        room *= 4


@kernel
def _normalise(
    how: Normaliser, data: np.ndarray, offsets: np.ndarray, out: np.ndarray, starts: np.ndarray
) -> bool:
    """Whether the documents fit into `out`."""
    longest = 3
    length = 0
    for place in range(len(how.replacements)):
        length = length + 3 if how.replacements[place] else 0
        longest = max(longest, length)
    to = 0
    for row in range(len(offsets) - 1):
        to = _document(how, data, whole(offsets[row]), whole(offsets[row + 1]), out, to, longest)
        if to < 0:
            return False
        starts[row + 1] = to
    return True


@borrowing_kernel
def _document(
    how: Normaliser, data: np.ndarray, at: int, end: int, out: np.ndarray, to: int, longest: int
) -> int:
    """Write a document's text to out[to:]; returns where it ends, or -1 if there may be no room."""
    first = to
    has_begun = False
    after_space = how.drops_spaces
    while at < end:
        if to + longest + 16 > len(out):
            return -1
        width, replacement = _next(how, data, at, end)
        if not has_begun:
            if how.drops_spaces and _is_space(how, data, at, width, replacement):
                at += width
                continue
            has_begun = True
            if how.begins_with_space:
                to = _sign(out, to)
        place, stop = at, at + width
        while True:  # over the bytes of the text, or of what replaces them
            if replacement < 0:
                if place == stop:
                    break
                byte = data[place]
                place += 1
            else:
                byte = how.replacements[replacement]
                if byte == 0:
                    break
                replacement += 1
            if byte == _SPACE:
                if after_space and how.drops_spaces:
                    continue
                to = _sign(out, to)
                after_space = True
            else:
                out[to] = byte
                to += 1
                after_space = False
        at += width
    if how.drops_spaces:
        while to - first >= 3 and _ends_in_sign(out, to):
            to -= 3
    return to


@inlined_kernel
def _sign(out: np.ndarray, to: int) -> int:
    out[to], out[to + 1], out[to + 2] = _SIGN
    return to + 3


@inlined_kernel
def _ends_in_sign(out: np.ndarray, to: int) -> bool:
    return bool(out[to - 3] == _SIGN[0] and out[to - 2] == _SIGN[1] and out[to - 1] == _SIGN[2])


@inlined_kernel
def _is_space(how: Normaliser, data: np.ndarray, at: int, width: int, replacement: int) -> bool:
    """Whether what stands at a place becomes a single space."""
    if replacement < 0:
        return width == 1 and data[at] == _SPACE
    return bool(how.replacements[replacement] == _SPACE and how.replacements[replacement + 1] == 0)


@inlined_kernel
def _next(how: Normaliser, data: np.ndarray, at: int, end: int) -> tuple[int, int]:
    """The width of the next string to be mapped, and where its replacement stands; -1 if it stays."""
    kept = 0
    if len(how.kept.values) > 1:
        node, place = 0, at
        while place < end:
            node = child(how.kept, node, whole(data[place]))
            if node == 0:
                break
            place += 1
            if how.kept.values[node] >= 0:
                kept = place - at
    if kept:
        return kept, -1
    width, replacement = width_of(data[at]), -1
    if len(how.map):
        unit = how.map[0]
        node, place, matches = _offset(unit), at, 0
        while place < end and matches < _MOST_MATCHES:
            byte = np.uint32(data[place])
            node ^= whole(byte)
            unit = how.map[node]
            if unit & _LABEL != byte:
                break
            node ^= _offset(unit)
            place += 1
            if unit >> np.uint32(8) & np.uint32(1):
                width, replacement = place - at, whole(how.map[node] & _VALUE)
                matches += 1
    return width, replacement


@inlined_kernel
def _offset(unit: np.uint32) -> int:
    return whole((unit >> np.uint32(10)) << ((unit & np.uint32(1 << 9)) >> np.uint32(6)))


@inlined_kernel
def width_of(byte: int) -> int:
    """The bytes of a character that begins with this one."""
    return 1 if byte < 0x80 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
