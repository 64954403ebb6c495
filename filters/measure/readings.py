"""Other projects' readings of Gopher's rules, where they differ from ours in kind.

alphabetic_token_fraction: punctuation counts as words without a letter (datatrove, RedPajama). Tokens are the words,
and the runs of punctuation and symbols that stand outside them.
stop_word_occurrences: how often stop words occur, so that `the the` is enough (Dolma, NeMo Curator, DCLM).
copied_n_gram_character_fraction: only the copies of an n-gram after its first count, found from left to right; behind
a copy the search goes on after its last word (datatrove).

Words, lower-casing and denominators are ours, so that the reading alone is compared.
"""

from functools import partial

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.bits import whole
from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.scratch import Scratch
from massivetext.filters.kernels.unicode import LETTER, TRIMMED
from massivetext.filters.kernels.utf8 import decode, properties
from massivetext.filters.measure.distinct_words import number_words
from massivetext.filters.measure.divide import is_divided
from massivetext.filters.measure.documents import Room, measure_documents
from massivetext.filters.measure.repetition import measure_copies
from massivetext.filters.measure.stop_words import ENGLISH, StopWords
from massivetext.filters.measure.words import split_words
from massivetext.schemas.measurement import READINGS


def measure_readings(batch: pa.RecordBatch, stop_words: StopWords = ENGLISH) -> pa.RecordBatch:
    """The columns of schemas.measurement.READINGS for each document's `text`, none of them null."""
    own, lists = stop_words.listed(batch)
    return measure_documents(batch, partial(_measure, own, lists), READINGS)


@borrowing_kernel
def _measure(
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
        values, own = measured[row], stop_words[lists[row]]
        divided = is_divided(data, start, end)
        words = split_words(
            data, start, end, divided, scratch.starts, scratch.ends, scratch.characters, scratch.hashes
        )
        if words:
            characters, alphabetic, occurrences = _count_words(data, scratch, words, own)
            values[0] = alphabetic / (words + _punctuation(data, start, end, scratch, words))
            values[1] = occurrences
            words, _ = number_words(data, start, end, scratch, slots, epochs)
            measure_copies(scratch, words, characters, slots, epochs, values[2:8])
        done[0] = row + 1


@borrowing_kernel
def _count_words(
    data: np.ndarray, scratch: Scratch, words: int, stop_words: np.ndarray
) -> tuple[int, int, int]:
    """Of a document's words: (code points, words with a letter, occurrences of stop words)."""
    characters, alphabetic, occurrences = 0, 0, 0
    for word in range(words):
        characters += scratch.characters[word]
        at, end = whole(scratch.starts[word]), whole(scratch.ends[word])
        while at < end:
            point, width = decode(data, at, end)
            if properties(point) & LETTER:
                alphabetic += 1
                break
            at += width
        for stop_word in stop_words:
            occurrences += scratch.hashes[word] == stop_word
    return characters, alphabetic, occurrences


@borrowing_kernel
def _punctuation(data: np.ndarray, start: int, end: int, scratch: Scratch, words: int) -> int:
    """The runs of punctuation and symbols outside a document's words."""
    runs = 0
    for word in range(words + 1):
        at = start if word == 0 else whole(scratch.ends[word - 1])
        stop = end if word == words else whole(scratch.starts[word])
        inside = False
        while at < stop:
            point, width = decode(data, at, stop)
            trimmed = properties(point) & TRIMMED != 0
            runs += trimmed and not inside
            inside = trimmed
            at += width
    return runs
