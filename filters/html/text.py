"""Adds the text between tags to the open block: folds its white space and reads its character references."""

import numpy as np

from massivetext.filters.html.blocks import BLANK, NEWLINE, end_block
from massivetext.filters.html.page import (
    APART,
    BROKEN,
    ENDED,
    HIDDEN_DEPTH,
    LINK,
    LINKED,
    OUT,
    RAISED,
    SPACE,
    START,
    TOGETHER,
    VERBATIM_DEPTH,
    Page,
)
from massivetext.filters.html.references import read_reference
from massivetext.filters.kernels.bits import byte, find, trailing_zeros, whole
from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.utf8 import white_space
from massivetext.filters.kernels.widths import BLOCK

LESS, AMPERSAND, RETURN = 0x3C, 0x26, 0x0D
SOFT_HYPHEN = np.uint64(0xADC2)  # U+00AD in UTF-8, its first byte lowest
NO_BREAK_SPACE = np.uint64(0xA0C2)
FIRST_BYTE = np.uint64(0xFF)
RAISED_LONGEST = 6  # characters of the longest superscript that is written like `²`, or subscript like `₂`
# The subscripts, then the superscripts, of "(" to "9". There is none of "*", ",", "." and "/".
_RAISED = ("₍₎ ₊ ₋  ₀₁₂₃₄₅₆₇₈₉", "⁽⁾ ⁺ ⁻  ⁰¹²³⁴⁵⁶⁷⁸⁹")
RAISED_SIGNS = np.array(
    [[int.from_bytes(sign.strip().encode(), "little") for sign in signs] for signs in _RAISED], np.uint64
)
RAISED_SIZES = np.array([[len(sign.strip().encode()) for sign in signs] for signs in _RAISED], np.int64)


@borrowing_kernel
def find_byte(html: np.ndarray, at: int, end: int, wanted: int) -> int:
    """The place of the byte `wanted` in html[at:end]; `end` if it is not there."""
    while at < end:
        found = find(html, at, byte(wanted), byte(wanted))
        if found:
            return min(at + whole(trailing_zeros(found)), end)
        at += BLOCK
    return end


@inlined_kernel
def add_text(page: Page, at: int, end: int) -> None:
    """Adds html[at:end] to the open block. The only markup in it may be character references."""
    if page.open[HIDDEN_DEPTH]:
        return
    if page.open[VERBATIM_DEPTH]:
        _add_verbatim(page, at, end)
    else:
        _add_folded(page, at, end)


@borrowing_kernel
def add_break(page: Page) -> None:
    """Adds a line break. One break starts a new line; two, with nothing between them, a new paragraph."""
    state = page.open
    if state[HIDDEN_DEPTH]:
        return
    if state[VERBATIM_DEPTH]:
        page.text[state[OUT]] = NEWLINE
        state[OUT] += 1
    else:
        state[SPACE] = BROKEN if state[SPACE] < BROKEN else ENDED


@borrowing_kernel
def start_raised(page: Page) -> None:
    """Notes where a superscript or subscript starts, if it follows text directly and is not in a link."""
    page.open[RAISED] = page.open[OUT] if page.open[SPACE] == TOGETHER and page.open[LINK] < 0 else -1


@borrowing_kernel
def end_raised(page: Page, above: int) -> None:
    """Ends a superscript (`above` is 1) or subscript (0). A short number or sign after text is written in superscript
    or subscript characters: `x²`, `H₂O`.
    """
    text, state = page.text, page.open
    start, stop = whole(state[RAISED]), whole(state[OUT])
    state[RAISED] = -1
    if (
        not state[START] < start < stop <= start + RAISED_LONGEST
        or state[HIDDEN_DEPTH]
        or state[SPACE] != TOGETHER
    ):
        return
    size = 0
    for at in range(start, stop):
        if not (0x28 <= text[at] <= 0x39) or RAISED_SIZES[above, whole(text[at]) - 0x28] == 0:
            return
        size += RAISED_SIZES[above, whole(text[at]) - 0x28]
    out = start + size
    state[OUT] = out
    for at in range(stop - 1, start - 1, -1):
        width = RAISED_SIZES[above, whole(text[at]) - 0x28]
        encoded = RAISED_SIGNS[above, whole(text[at]) - 0x28]
        for place in range(width):
            text[out - width + place] = encoded >> np.uint64(8 * place) & FIRST_BYTE
        out -= width


@inlined_kernel
def _part(page: Page, out: int, before: int, space: int, linked: bool) -> tuple[int, int]:
    """Writes the separator `space` before the next character. Returns where that character goes, and where the text
    starts that is not yet counted as linked.
    """
    state = page.open
    if space == TOGETHER or out == state[START]:
        return out, before
    if space == ENDED:
        if linked:
            state[LINKED] += out - before
        state[OUT] = out
        end_block(page)
        return whole(state[OUT]), whole(state[OUT])
    page.text[out] = BLANK if space == APART else NEWLINE
    return out + 1, before


@borrowing_kernel
def _add_folded(page: Page, at: int, end: int) -> None:
    html, text, state = page.html, page.text, page.open
    space, out, before = whole(state[SPACE]), whole(state[OUT]), whole(state[OUT])
    linked = state[LINK] >= 0
    while at < end:
        sign = html[at]
        if BLANK < sign < 0x80 and sign != AMPERSAND:
            out, before = _part(page, out, before, space, linked)
            space = TOGETHER
            text[out] = sign
            out += 1
            at += 1
            continue
        width = white_space(html, at, end)
        if width:
            space = max(space, APART)
            at += width
            continue
        if sign == 0:
            at += 1
            continue
        width, encoded = 1, np.uint64(sign)
        if sign == AMPERSAND:
            encoded, width, at = read_reference(html, at + 1, end)
            if width == 0:
                encoded, width = np.uint64(AMPERSAND), 1
            if encoded == NO_BREAK_SPACE or (width == 1 and encoded <= np.uint64(BLANK)):
                space = max(space, APART)
                continue
        else:
            at += 1
            while at < end and html[at] & 0xC0 == 0x80:
                encoded |= np.uint64(html[at]) << np.uint64(8 * width)
                width += 1
                at += 1
        if encoded == SOFT_HYPHEN:
            continue
        out, before = _part(page, out, before, space, linked)
        space = TOGETHER
        for _ in range(width):
            text[out] = encoded & FIRST_BYTE
            encoded >>= np.uint64(8)
            out += 1
    if linked:
        state[LINKED] += out - before
    state[SPACE], state[OUT] = space, out


@borrowing_kernel
def _add_verbatim(page: Page, at: int, end: int) -> None:
    html, text, state = page.html, page.text, page.open
    out = whole(state[OUT])
    while at < end:
        sign = html[at]
        at += 1
        if sign == RETURN:
            if html[at] == NEWLINE:
                continue
            sign = byte(NEWLINE)
        if sign == AMPERSAND:
            encoded, width, at = read_reference(html, at, end)
            if width:
                for _ in range(width):
                    text[out] = encoded & FIRST_BYTE
                    encoded >>= np.uint64(8)
                    out += 1
                continue
        if sign:
            text[out] = sign
            out += 1
    if state[LINK] >= 0:
        state[LINKED] += out - state[OUT]
    state[OUT] = out
