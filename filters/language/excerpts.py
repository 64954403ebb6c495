"""Excerpts of long texts, from which a model tells most languages at a part of the cost.

An excerpt is PIECES pieces of a text of CHARACTERS characters each, one behind the other. The first piece begins with
the text and the last ends with it. The places of all depend on the text's length alone. Their distances differ, so that
they do not fall into step with languages that take turns. A piece is moved and lengthened to the next space, so that no
word is cut.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.kernels.utf8 import views
from massivetext.filters.language.fasttext_rows import is_space

PLACES = (0, 97, 278, 391, 558, 689, 838, 1000)
"""Where the pieces begin, in thousandths of the distance from the first to the last."""
PIECES = len(PLACES)
CHARACTERS = 512
LONG = PIECES * CHARACTERS
"""A text of fewer characters has no excerpt."""

WORD_BYTES = 64
"""The next space is looked for in so many bytes. Without one, as in Chinese, a piece is cut between two characters."""

Rows = npt.NDArray[np.bool_]


def are_long(texts: pa.StringArray) -> Rows:
    """Whether each text has LONG characters or more."""
    offsets, data = views(texts)
    found = np.zeros(len(texts), np.bool_)
    _find_long(offsets, data, found)
    return found


def excerpts(texts: pa.StringArray, rows: Rows) -> pa.StringArray:
    """The texts, with those of some rows, which are long, replaced by their excerpts."""
    offsets, data = views(texts)
    room = int(offsets[-1] - offsets[0]) + PIECES * int(rows.sum())  # what is not used takes no memory
    cut, ends = np.empty(room, np.uint8), np.zeros(len(offsets), np.int32)
    _excerpts(offsets, data, rows, cut, ends)
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(ends), pa.py_buffer(cut[: ends[-1]]))


@inlined_kernel
def _begins(byte: np.uint8) -> bool:
    """Whether a byte is the first of a character."""
    return bool(byte & 0xC0 != 0x80)


@borrowing_kernel
def _find_long(offsets: np.ndarray, data: np.ndarray, found: np.ndarray) -> None:
    for row in range(len(found)):
        start, end = offsets[row], offsets[row + 1]
        if end - start >= 4 * LONG:
            found[row] = True
        elif end - start >= LONG:
            characters = 0
            for at in range(start, end):
                characters += _begins(data[at])
            found[row] = characters >= LONG


@borrowing_kernel
def _excerpts(
    offsets: np.ndarray, data: np.ndarray, rows: np.ndarray, cut: np.ndarray, ends: np.ndarray
) -> None:
    used = 0
    for row in range(len(rows)):
        start, end = offsets[row], offsets[row + 1]
        is_cut = rows[row]
        used = _excerpt(data, start, end, cut, used) if is_cut else _append(data, start, end, cut, used)
        ends[row + 1] = used


@borrowing_kernel
def _excerpt(data: np.ndarray, start: int, end: int, cut: np.ndarray, used: int) -> int:
    """Append the excerpt of the text data[start:end] to cut[:used]; where it ends."""
    last = end
    for _ in range(CHARACTERS):
        last = max(last - 1, start)
        while last > start and not _begins(data[last]):
            last -= 1
    stop = start
    for piece in range(PIECES):
        at = start + (last - start) * PLACES[piece] // PLACES[-1]
        begin = max(_word_start(data, at, end) if piece else at, stop)
        stop = begin
        for _ in range(CHARACTERS):
            stop = _next(data, stop, end)
        stop = _word_start(data, stop, end)
        used = _append(data, begin, stop, cut, used)
        cut[used] = 0x20
        used += 1
    return used


@borrowing_kernel
def _next(data: np.ndarray, at: int, end: int) -> int:
    """Where the character after the one at a position begins, or the end."""
    at = min(at + 1, end)
    while at < end and not _begins(data[at]):
        at += 1
    return at


@borrowing_kernel
def _word_start(data: np.ndarray, at: int, end: int) -> int:
    """The next space, if it is within WORD_BYTES, else the next position at which a character begins."""
    for place in range(at, min(at + WORD_BYTES, end)):
        if is_space(data[place]):
            return place
    while at < end and not _begins(data[at]):
        at += 1
    return at


@borrowing_kernel
def _append(data: np.ndarray, start: int, end: int, cut: np.ndarray, used: int) -> int:
    for at in range(start, end):
        cut[used] = data[at]
        used += 1
    return used
