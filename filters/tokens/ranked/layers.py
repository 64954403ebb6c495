"""From text to pre-tokens: each layer splits what the one before it left, as a tokenizer.json lists them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import BLOCK, find, load_word, trailing_zeros, whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.unicode import PAGE, POINTS
from massivetext.filters.kernels.utf8 import HIGH_BITS, ONES, decode
from massivetext.filters.tokens.ranked.scanner import Scanner

_BLOCKS = POINTS // PAGE
_A, _LETTERS = 0x61, 26


class Layers(NamedTuple):
    """Scanners end to end, for the kernels."""

    number: int
    steps: npt.NDArray[np.uint16]
    steps_at: npt.NDArray[np.int64]  # [layers]: where each one's steps begin
    ascii: npt.NDArray[np.uint8]  # [layers * 128]
    blocks: npt.NDArray[np.int32]  # [layers * blocks]: where a block's page begins
    pages: npt.NDArray[np.uint8]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    drops: npt.NDArray[np.bool_]  # whether what does not match goes
    leads: npt.NDArray[np.uint8]  # [layers, 4]: every match starts with a byte in one of these two ranges


def layers(scanners: list[tuple[Scanner, bool]]) -> Layers:
    """Lay out scanners, each with whether it drops the text that it does not match."""
    pages_at = np.cumsum([0, *(len(one.pages) for one, _ in scanners)])
    steps_at = np.cumsum([0, *(len(one.steps) for one, _ in scanners)])
    indices = [
        one.blocks.astype(np.int32) * PAGE + np.int32(at)
        for (one, _), at in zip(scanners, pages_at[:-1], strict=True)
    ]
    return Layers(
        len(scanners),
        np.concatenate([np.empty(0, np.uint16), *(one.steps for one, _ in scanners)]),
        steps_at[:-1].astype(np.int64),
        np.concatenate([np.empty(0, np.uint8), *(one.ascii for one, _ in scanners)]),
        np.concatenate([np.empty(0, np.int32), *indices]),
        np.concatenate([np.empty(0, np.uint8), *(one.pages for one, _ in scanners)]),
        np.array([one.start for one, _ in scanners], np.int64),
        np.array([one.end for one, _ in scanners], np.int64),
        np.array([drops for _, drops in scanners], np.bool_),
        np.array([_leads(one) for one, _ in scanners], np.uint8).reshape(-1, 4),
    )


def _leads(scanner: Scanner) -> list[int]:
    """The first and the last byte, of ASCII and of the rest, with which a match may start; 0xFF is in no text."""
    begins = scanner.steps[scanner.start : scanner.start + scanner.end] > 1
    points = np.flatnonzero(begins[scanner.pages.reshape(-1, PAGE)[scanner.blocks].reshape(-1)])
    found = []
    for inside in (points[points < 0x80], points[points >= 0x80]):
        ends = [chr(inside[0]), chr(inside[-1])] if len(inside) else []
        found += [end.encode("utf-8", "surrogatepass")[0] for end in ends] or [0xFF, 0xFF]
    return found


@inlined_kernel
def match(layers: Layers, layer: int, data: np.ndarray, at: int, end: int) -> int:
    """Where the match that starts at a position ends; -1 where none starts there."""
    base = layers.steps_at[layer]
    stays = base + layers.end[layer] + 1
    state = layers.start[layer]
    found = -1
    while state:
        width = 1
        if at >= end:
            class_ = layers.end[layer]
        else:
            byte = whole(data[at])
            if byte - _A < _LETTERS and byte >= _A and layers.steps[np.uint64(stays + state)]:
                at = _after_letters(data, at, end)
                continue
            if byte < 0x80:
                class_ = whole(layers.ascii[np.uint64(layer * 128 + byte)])
            else:
                point, width = decode(data, at, end)
                page = layers.blocks[np.uint64(layer * _BLOCKS + (point >> 8))]
                class_ = whole(layers.pages[np.uint64(page + (point & 255))])
        step = whole(layers.steps[np.uint64(base + class_ + state)])
        if step & 1:
            found = at
        state = step >> 1
        at += width
    return found


@inlined_kernel
def _after_letters(data: np.ndarray, at: int, end: int) -> int:
    """The place after a letter from a to z, and after those that follow it, up to seven."""
    if at + 8 > len(data):
        return at + 1
    word = load_word(data, at)
    low = word & ~HIGH_BITS
    from_a, beyond_z = low + ONES * np.uint64(0x80 - 0x61), low + ONES * np.uint64(0x7F - 0x7A)
    others = ~((from_a ^ beyond_z) & ~word) & HIGH_BITS
    return whole(min(at + (trailing_zeros(others) >> 3), end))


@inlined_kernel
def next_pre_token(layers: Layers, ends: np.ndarray, data: np.ndarray, at: int) -> tuple[int, int]:
    """The pre-token at or after a position of a section, and where it ends.

    `ends` holds where the section ends, and where the current piece of each layer does: int64[layers + 1].
    Callers set all but the first to the section's start. Both numbers are the section's end where no more follows.
    """
    layer = 0
    while layer < layers.number:
        if ends[layer + 1] <= at:
            stop = match(layers, layer, data, at, ends[layer])
            if stop < 0:
                stop = _next_match(layers, layer, data, at, ends[layer])
                if layers.drops[layer]:
                    at = stop
                    if at >= ends[0]:
                        return at, at
                    layer = 0
                    continue
            ends[layer + 1] = stop
        layer += 1
    return at, ends[layers.number]


@borrowing_kernel
def _next_match(layers: Layers, layer: int, data: np.ndarray, at: int, end: int) -> int:
    """Where the next match after a position starts, or the end where there is none."""
    leads = layers.leads[layer]
    base = at + 1
    while base < end:
        mask = find(data, base, leads[0], leads[1]) | find(data, base, leads[2], leads[3])
        while mask:
            place = base + trailing_zeros(mask)
            if place >= end:
                return end
            mask &= mask - np.uint64(1)
            if match(layers, layer, data, place, end) >= 0:
                return whole(place)
        base += BLOCK
    return end
