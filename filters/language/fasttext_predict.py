"""fastText's prediction over whole batches: the same rows in the same order as its own `predict`, but faster.

A document's vector is the mean of the input rows of its words and of their character n-grams
(arXiv 1607.01759, 1607.04606). Words repeat, so the rows of a word are looked up once in a batch and then
remembered. They are still added one by one, in fastText's order and precision, so that results agree.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.kernel import borrowing_kernel, kernel
from massivetext.filters.language.fasttext_model import (
    HIERARCHICAL_SOFTMAX,
    Bytes,
    FastTextModel,
    Floats,
    Integers,
    find_entry,
    hash_bytes,
)
from massivetext.filters.language.fasttext_output import descend, highest
from massivetext.filters.language.fasttext_rows import (
    END_OF_LINE,
    IS_LABEL,
    KNOWN_BYTES,
    KNOWN_WORDS,
    Vocabulary,
    classify,
    find_buckets,
    find_rows,
    is_space,
    make_room,
    most_rows,
    read_words,
    skip_spaces,
    to_rows,
)

TOKENS_AT_ONCE = 1 << 12
ROWS_AT_ONCE = 1 << 12  # of a long word


class Workspace(NamedTuple):
    """Room for one document at a time."""

    tokens: Integers  # numbers of the words of a piece of text
    rows: Integers  # of a piece of a long word, or of n-grams of words
    recent: npt.NDArray[np.int64]  # a number, then the hashes of so many words before this one, last first
    hidden: Floats
    scores: Floats  # of labels, or of nodes to visit
    nodes: Integers


@kernel
def predict(
    model: FastTextModel, text: Bytes, offsets: Integers, labels: Integers, probabilities: Floats
) -> None:
    """Write each document's first label and its probability (which rounding can lift above 1).

    Document i is text[offsets[i]:offsets[i + 1]], in UTF-8; newlines are read as spaces. The label is -1,
    with probability 0, where there are no words, or none that the model has a row for. Like fastText, this
    stops at a word `</s>` and leaves out words that begin with `__label__`.
    """
    vocabulary = Vocabulary(
        np.full(4 * KNOWN_WORDS, -1, np.int32),
        np.empty((KNOWN_WORDS, 4), np.int64),
        np.empty(most_rows(model.longest, KNOWN_WORDS, KNOWN_BYTES), np.int32),
        np.zeros(2, np.int64),
    )
    known_labels = len(model.dictionary.bounds) - model.dictionary.words
    workspace = Workspace(
        np.empty(TOKENS_AT_ONCE, np.int32),
        np.empty(ROWS_AT_ONCE, np.int32),
        np.zeros(model.word_ngram, np.int64),
        np.empty(model.input.shape[1], np.float32),
        np.empty(known_labels + 1, np.float32),
        np.empty(known_labels + 1, np.int32),
    )
    for document in range(len(labels)):
        labels[document], probabilities[document] = -1, 0
        count = _sum_rows(model, text, offsets[document], offsets[document + 1], vocabulary, workspace)
        if count == 0:
            continue
        hidden = workspace.hidden
        hidden *= np.float32(1.0 / count)
        if model.loss == HIERARCHICAL_SOFTMAX:
            label, score = descend(model.children, model.output, hidden, workspace.scores, workspace.nodes)
        else:
            label, score = highest(model.loss, model.output, hidden, workspace.scores[:known_labels])
        labels[document] = label
        probabilities[document] = math.exp(score)


@borrowing_kernel
def _sum_rows(
    model: FastTextModel, text: Bytes, position: int, stop: int, vocabulary: Vocabulary, workspace: Workspace
) -> int:
    """Set `hidden` to the sum of a document's rows; how many they are, 0 where it has no words."""
    tokens, hidden = workspace.tokens, workspace.hidden
    workspace.recent[0] = 0
    hidden[:] = 0
    count = 0
    position = skip_spaces(text, position, stop)
    if position == stop:
        return 0
    while position < stop:
        make_room(vocabulary)
        known = vocabulary.used[0]
        size, position = read_words(text, position, stop, vocabulary, tokens)
        if size:
            find_rows(model, text, vocabulary, known)
            count += _add_words(model.input, vocabulary.words, vocabulary.rows, tokens[:size], hidden)
            if model.word_ngram > 1:
                count += _add_word_ngrams(model, text, vocabulary.words, tokens[:size], workspace)
        elif position < stop:
            added, position = _add_long_word(model, text, position, stop, workspace)
            count += added
    value = hash_bytes(END_OF_LINE, 0, len(END_OF_LINE))
    entry = find_entry(model.dictionary, END_OF_LINE, 0, len(END_OF_LINE), value)
    if entry >= 0:
        count += _add_row(model.input, entry, hidden)
    if model.word_ngram > 1:
        count += _add_word_ngram(model, value, workspace)
    return count


@borrowing_kernel
def _add_words(
    matrix: Floats, words: npt.NDArray[np.int64], rows: Integers, tokens: Integers, total: Floats
) -> int:
    """Add the rows of these words to `total`; how many they are."""
    count = 0
    for token in tokens:
        first, last = words[token, 2], words[token, 3]
        for i in range(first, last):
            _add_row(matrix, rows[i], total)
        count += last - first
    return count


@borrowing_kernel
def _add_row(matrix: Floats, row: int | np.int32, total: Floats) -> int:
    for dimension in range(len(total)):
        total[dimension] += matrix[row, dimension]
    return 1


@borrowing_kernel
def _add_long_word(
    model: FastTextModel, text: Bytes, begin: int, stop: int, workspace: Workspace
) -> tuple[int, int]:
    """Add the rows of a word that does not enter the vocabulary; how many they are, and the next position."""
    rows, hidden = workspace.rows, workspace.hidden
    end = begin
    while end < stop and not is_space(text[end]):
        end += 1
    value = hash_bytes(text, begin, end)
    entry = classify(model.dictionary, text, begin, end, value)
    count = 0
    if entry >= 0:
        count += _add_row(model.input, entry, hidden)
    start = end if entry == IS_LABEL else begin - 1
    buckets = np.uint32(model.buckets)
    while start < end:
        last, start = find_buckets(model.shortest, model.longest, buckets, text, begin, end, start, rows, 0)
        last = to_rows(model.dictionary.words, model.kept, model.bucket_rows, rows, 0, last)
        for i in range(last):
            count += _add_row(model.input, rows[i], hidden)
    if model.word_ngram > 1 and entry != IS_LABEL:
        count += _add_word_ngram(model, value, workspace)
    return count, skip_spaces(text, end, stop)


@borrowing_kernel
def _add_word_ngrams(
    model: FastTextModel, text: Bytes, words: npt.NDArray[np.int64], tokens: Integers, workspace: Workspace
) -> int:
    """Add the rows of the n-grams of words that end at each of these words; how many they are."""
    count = 0
    for token in tokens:
        begin = words[token, 1]
        end = begin + (words[token, 0] & 0xFFFFFFFF)
        value = np.uint32(words[token, 0] >> 32)
        if classify(model.dictionary, text, begin, end, value) != IS_LABEL:
            count += _add_word_ngram(model, value, workspace)
    return count


@borrowing_kernel
def _add_word_ngram(model: FastTextModel, value: np.uint32, workspace: Workspace) -> int:
    """Add the rows of the n-grams, of two words or more, that end at the word of this hash."""
    recent, rows = workspace.recent, workspace.rows
    last = 0
    for length in range(1, recent[0] + 1):
        ngram = np.uint64(0)
        for i in range(length, 0, -1):
            ngram = ngram * np.uint64(116049371) + np.uint64(recent[i])
        ngram = ngram * np.uint64(116049371) + np.uint64(np.int64(np.int32(value)))
        rows[last] = ngram % np.uint64(model.buckets)
        last += 1
    for i in range(len(recent) - 1, 1, -1):
        recent[i] = recent[i - 1]
    recent[1] = np.int32(value)
    recent[0] = min(recent[0] + 1, len(recent) - 1)
    last = to_rows(model.dictionary.words, model.kept, model.bucket_rows, rows, 0, last)
    count = 0
    for i in range(last):
        count += _add_row(model.input, rows[i], workspace.hidden)
    return count
