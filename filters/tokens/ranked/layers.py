"""Splits text into pre-tokens. Each layer of a tokenizer.json splits the pieces of the layer before it."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.bits import find, load_word, trailing_zeros, whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.unicode import PAGE, POINTS
from massivetext.filters.kernels.utf8 import HIGH_BITS, ONES, decode
from massivetext.filters.kernels.widths import BLOCK
from massivetext.filters.tokens.ranked.scanner import Scanner

_BLOCKS = POINTS // PAGE
_A, _LETTERS = 0x61, 26


class Layers(NamedTuple):
    """The scanners of the layers, laid out end to end for the kernels."""

    number: int
    steps: npt.NDArray[np.uint16]
    steps_at: npt.NDArray[np.int64]  # [layers]: where each layer's steps begin
    ascii: npt.NDArray[np.uint8]  # [layers * 128]
    blocks: npt.NDArray[np.int32]  # [layers * blocks]: where a block's page begins
    pages: npt.NDArray[np.uint8]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    drops: npt.NDArray[np.bool_]  # [layers]: whether text that does not match is dropped
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
    """Two ranges, first and last, of the bytes with which a match may start: in ASCII, and beyond. 0xFF, which occurs
    in no text, stands for no byte.
    """
    begins = scanner.steps[scanner.start : scanner.start + scanner.end] > 1
    points = np.flatnonzero(begins[scanner.pages.reshape(-1, PAGE)[scanner.blocks].reshape(-1)])
    found = []
    for inside in (points[points < 0x80], points[points >= 0x80]):
        ends = [chr(inside[0]), chr(inside[-1])] if len(inside) else []
        found += [end.encode("utf-8", "surrogatepass")[0] for end in ends] or [0xFF, 0xFF]
    return found


@inlined_kernel
def match(layers: Layers, layer: int, data: np.ndarray, at: int, end: int) -> int:
    """The end of the match that starts at a position; -1 if none starts there."""
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
    """The place after the letter from a to z at `at` and after the letters that follow it, up to seven."""
    if at + 8 > len(data):
        return at + 1
    word = load_word(data, at)
    low = word & ~HIGH_BITS
    from_a, beyond_z = low + ONES * np.uint64(0x80 - 0x61), low + ONES * np.uint64(0x7F - 0x7A)
    others = ~((from_a ^ beyond_z) & ~word) & HIGH_BITS
    return whole(min(at + (trailing_zeros(others) >> 3), end))


@inlined_kernel
def next_pre_token(layers: Layers, ends: np.ndarray, data: np.ndarray, at: int) -> tuple[int, int]:
    """The start and the end of the first pre-token at or after a position in a section; both are the section's end if
    no more follows.

    `ends`, int64[layers + 1], holds the end of the section, then the end of the current piece of each layer. Callers
    set all but the first to the section's start.
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
    """The start of the next match after a position; `end` if there is none."""
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
