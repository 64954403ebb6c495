"""Every quality and repetition measurement of every document of a batch, by compiled kernels that read the
UTF-8 buffer of the Arrow column.

Exact: words, n-grams, lines and paragraphs are equal when their texts are, whatever their hashes (see
distinct_words.py, repetition.py and lines.py beside this file), so no hash collision can change a measurement. Time
is linear in the text, unless someone makes a text of words whose hashes collide.
"""

from functools import partial

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.scratch import Scratch
from massivetext.filters.measure.distinct_words import number_words
from massivetext.filters.measure.documents import Room, measure_documents
from massivetext.filters.measure.lines import duplicate_fractions, number_lines, number_paragraphs
from massivetext.filters.measure.quality import count_symbols, count_words
from massivetext.filters.measure.repetition import measure_grams
from massivetext.filters.measure.stop_words import ENGLISH, StopWords
from massivetext.schemas.measurement import MEASUREMENT


def measure(
    batch: pa.RecordBatch, *, count_first: bool = False, stop_words: StopWords = ENGLISH
) -> pa.RecordBatch:
    """The columns of schemas.measurement.MEASUREMENT for each document's `text`, none of them null.

    count_first: whether the first of several equal lines (paragraphs) is a duplicate too (the configuration's
    `duplicates: all`); by default only the copies after it are. A null text is measured as an empty one.
    stop_words: those of single languages, by the column `language`.
    """
    own, lists = stop_words.of(batch)
    return measure_documents(batch, partial(_measure, count_first, own, lists), MEASUREMENT)


@borrowing_kernel
def _measure(
    count_first: bool,
    stop_words: np.ndarray,
    lists: np.ndarray,
    offsets: np.ndarray,
    data: np.ndarray,
    room: Room,
    measured: np.ndarray,
    done: np.ndarray,
) -> None:
    """Measure the documents from row done[0] on, which is moved past each one that is measured."""
    scratch, slots, epochs = room
    for row in range(done[0], len(offsets) - 1):
        start, end = whole(offsets[row]), whole(offsets[row + 1])
        own = stop_words[lists[row]]
        _measure_document(data, start, end, count_first, own, scratch, slots, epochs, measured[row])
        done[0] = row + 1


@borrowing_kernel
def _measure_document(
    data: np.ndarray,
    start: int,
    end: int,
    count_first: bool,
    stop_words: np.ndarray,
    scratch: Scratch,
    slots: np.ndarray,
    epochs: np.ndarray,
    values: np.ndarray,
) -> None:
    words, distinct = number_words(data, start, end, scratch, slots, epochs)
    if words == 0:
        return
    characters, alphabetic, found = count_words(data, scratch, distinct, stop_words)
    hashes, ellipses = count_symbols(data, start, end)
    values[0] = words
    values[1] = characters / words
    values[2] = hashes / words
    values[3] = ellipses / words
    values[6] = alphabetic / words
    values[7] = found
    measure_grams(scratch, words, characters, slots, epochs, values[12:15], values[15:21])
    _measure_lines(data, start, end, count_first, scratch, slots, epochs, values)


@borrowing_kernel
def _measure_lines(
    data: np.ndarray,
    start: int,
    end: int,
    count_first: bool,
    scratch: Scratch,
    slots: np.ndarray,
    epochs: np.ndarray,
    values: np.ndarray,
) -> None:
    lines = number_lines(data, start, end, scratch, slots, epochs)
    values[4] = lines.bullets / lines.total
    values[5] = lines.ellipses / lines.total
    values[8], values[10] = duplicate_fractions(scratch.counts, scratch.lengths, lines.distinct, count_first)
    distinct = number_paragraphs(scratch, lines.total, lines.paragraphs, slots, epochs)
    values[9], values[11] = duplicate_fractions(
        scratch.gram_counts, scratch.gram_lengths, distinct, count_first
    )
