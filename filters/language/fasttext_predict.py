"""fastText's prediction over whole batches: the same rows in the same order as its own `predict`, but faster.

A document's vector is the mean of the input rows of its words and of their character n-grams
(arXiv 1607.01759, 1607.04606). Words repeat, so the rows of a word are looked up once in a batch and then
remembered. They are still added one by one, in fastText's order and precision, so that results agree.

The sum grows from the document's first word to its last, so what it gains over a piece of the text is the sum of
that piece: the labels of up to PIECES pieces cost no second look at the words.
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
    ENDED,
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

PIECES = 6
PIECE_BYTES = 512
"""A document has as many pieces as it has so many bytes, but at least 1 and at most PIECES, of about one size."""

TOKENS_AT_ONCE = 1 << 12
ROWS_AT_ONCE = 1 << 12  # of a long word


class Workspace(NamedTuple):
    """Room for one document at a time."""

    tokens: Integers  # numbers of the words of a piece of text
    rows: Integers  # of a piece of a long word, or of n-grams of words
    recent: npt.NDArray[np.int64]  # a number, then the hashes of so many words before this one, last first
    hidden: Floats
    before: Floats  # `hidden` before a piece
    scores: Floats  # of labels, or of nodes to visit
    nodes: Integers


@kernel
def predict(
    model: FastTextModel,
    text: Bytes,
    offsets: Integers,
    labels: Integers,
    probabilities: Floats,
    sizes: Integers,
) -> None:
    """Write the first label of each document and of its pieces, with its probability, which rounding can lift above 1.

    Document i is text[offsets[i]:offsets[i + 1]], in UTF-8; newlines are read as spaces. Column 0 of `labels` and of
    `probabilities` is the document's; the others are its pieces', whose bytes are in the same column of `sizes`, 0
    where there is no such piece. The label is -1, with probability 0, where there are no words, or none that the model
    has a row for. Like fastText, this stops at a word `</s>` and leaves out words that begin with `__label__`.
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
        np.empty(model.input.shape[1], np.float32),
        np.empty(known_labels + 1, np.float32),
        np.empty(known_labels + 1, np.int32),
    )
    for document in range(len(labels)):
        begin, end = offsets[document], offsets[document + 1]
        labels[document], probabilities[document], sizes[document] = -1, 0, 0
        _predict_document(
            model,
            text,
            begin,
            end,
            vocabulary,
            workspace,
            labels[document],
            probabilities[document],
            sizes[document],
        )


@borrowing_kernel
def _predict_document(
    model: FastTextModel,
    text: Bytes,
    begin: int,
    end: int,
    vocabulary: Vocabulary,
    workspace: Workspace,
    labels: Integers,
    probabilities: Floats,
    sizes: Integers,
) -> None:
    hidden, before = workspace.hidden, workspace.before
    workspace.recent[0] = 0
    hidden[:] = 0
    count = 0
    position = skip_spaces(text, begin, end)
    if position == end:
        return
    pieces = min(max((end - begin) // PIECE_BYTES, 1), PIECES)
    stop = begin
    for piece in range(1, pieces + 1):
        start = stop
        stop = _piece_end(text, begin + (end - begin) * piece // pieces, end)
        if position >= stop:
            continue
        for dimension in range(len(hidden)):
            before[dimension] = hidden[dimension]
        added, position = _add_text(model, text, position, stop, vocabulary, workspace)
        count += added
        if added and pieces > 1:
            for dimension in range(len(hidden)):
                before[dimension] = (hidden[dimension] - before[dimension]) / np.float32(added)
            labels[piece], probabilities[piece] = _label(model, before, workspace)
            sizes[piece] = stop - start
        if position == ENDED:
            break
    value = hash_bytes(END_OF_LINE, 0, len(END_OF_LINE))
    entry = find_entry(model.dictionary, END_OF_LINE, 0, len(END_OF_LINE), value)
    if entry >= 0:
        count += _add_row(model.input, entry, hidden)
    if model.word_ngram > 1:
        count += _add_word_ngram(model, value, workspace)
    if count:
        hidden *= np.float32(1.0 / count)
        labels[0], probabilities[0] = _label(model, hidden, workspace)
        if pieces == 1:
            labels[1], probabilities[1], sizes[1] = labels[0], probabilities[0], end - begin


@borrowing_kernel
def _piece_end(text: Bytes, at: int, end: int) -> int:
    """The first space from a position on, so that no word is cut, or the end."""
    while at < end and not is_space(text[at]):
        at += 1
    return at


@borrowing_kernel
def _label(model: FastTextModel, hidden: Floats, workspace: Workspace) -> tuple[int, float]:
    """The first label of a vector, and its probability."""
    if model.loss == HIERARCHICAL_SOFTMAX:
        label, score = descend(model.children, model.output, hidden, workspace.scores, workspace.nodes)
    else:
        label, score = highest(model.loss, model.output, hidden, workspace.scores[:-1])
    return label, math.exp(score)


@borrowing_kernel
def _add_text(
    model: FastTextModel, text: Bytes, position: int, stop: int, vocabulary: Vocabulary, workspace: Workspace
) -> tuple[int, int]:
    """Add the rows of the words of text[position:stop] to `hidden`; how many they are, and where to go on."""
    tokens, hidden = workspace.tokens, workspace.hidden
    count = 0
    while position != ENDED and position < stop:
        make_room(vocabulary)
        known = vocabulary.used[0]
        size, position = read_words(text, position, stop, vocabulary, tokens)
        if size:
            find_rows(model, text, vocabulary, known)
            count += _add_words(model.input, vocabulary.words, vocabulary.rows, tokens[:size], hidden)
            if model.word_ngram > 1:
                count += _add_word_ngrams(model, text, vocabulary.words, tokens[:size], workspace)
        elif position != ENDED and position < stop:
            added, position = _add_long_word(model, text, position, stop, workspace)
            count += added
    return count, position


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
