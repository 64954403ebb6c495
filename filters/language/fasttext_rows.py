"""The rows of fastText's input matrix that words stand for: their own and those of their character n-grams
(arXiv 1607.04606, section 3.2), looked up once for a word and then remembered.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.language.fasttext_model import (
    HASH_OF_NOTHING,
    Bytes,
    Dictionary,
    FastTextModel,
    Integers,
    find_entry,
    hash_byte,
    same_bytes,
)

KNOWN_WORDS = 1 << 15  # in the vocabulary; it is cleared when it is full
KNOWN_BYTES = 1 << 18  # of those words
LONGEST_WORD = 256  # bytes; a longer one does not enter the vocabulary
LABEL_PREFIX = np.frombuffer(b"__label__", np.uint8)
END_OF_LINE = np.frombuffer(b"</s>", np.uint8)
IS_LABEL = -2  # in place of a word's number in the dictionary
ENDED = -1  # in place of a position: `</s>` ended the document


class Vocabulary(NamedTuple):
    """The words seen lately, with the rows of the input matrix that each adds to its document."""

    slots: Integers  # open addressing by hash: a word's number, or -1
    words: npt.NDArray[np.int64]  # by number: hash and length, place in the text, begin and end in `rows`
    rows: Integers
    used: npt.NDArray[np.int64]  # words, and their bytes


@borrowing_kernel
def most_rows(longest: int, words: int, size: int) -> int:
    """A bound on the rows of so many words of so many bytes in all."""
    return words + (2 * words + size) * max(longest, 0)


@inlined_kernel
def is_space(byte: np.uint8) -> bool:
    return bool(byte <= 32 and (byte == 32 or byte == 0 or 9 <= byte <= 13))


@borrowing_kernel
def skip_spaces(text: Bytes, position: int, stop: int) -> int:
    while position < stop and is_space(text[position]):
        position += 1
    return position


@inlined_kernel
def _is_full(words: int, size: int) -> bool:
    return words == KNOWN_WORDS or size + LONGEST_WORD > KNOWN_BYTES


@borrowing_kernel
def make_room(vocabulary: Vocabulary) -> None:
    """Forget all words, if there is no room for another."""
    if _is_full(vocabulary.used[0], vocabulary.used[1]):
        vocabulary.slots[:] = -1
        vocabulary.used[:] = 0


@borrowing_kernel
def read_words(
    text: Bytes, position: int, stop: int, vocabulary: Vocabulary, tokens: Integers
) -> tuple[int, int]:
    """Write the numbers of the words from `position` on to `tokens`; how many, and where to go on.

    Ends early before a long word, and where the vocabulary is full. After `</s>` there is nowhere to go on: ENDED.
    """
    slots, words, _, used = vocabulary
    known, size = used[0], used[1]
    count = 0
    while position < stop and count < len(tokens) and not _is_full(known, size):
        begin = position
        value = HASH_OF_NOTHING
        while position < stop and not is_space(text[position]):
            value = hash_byte(value, text[position])
            position += 1
        length = position - begin
        if length > LONGEST_WORD:
            position = begin
            break
        key = (np.int64(value) << 32) | length
        slot = np.int64(value) & (len(slots) - 1)
        while slots[slot] >= 0:
            word = slots[slot]
            if words[word, 0] == key and same_bytes(text, begin, text, words[word, 1], length):
                break
            slot = (slot + 1) & (len(slots) - 1)
        if slots[slot] < 0:
            if _is_end_of_line(text, begin, length):
                position = ENDED
                break
            slots[slot] = known
            words[known, 0], words[known, 1] = key, begin
            known += 1
            size += length
        tokens[count] = slots[slot]
        count += 1
        position = skip_spaces(text, position, stop)
    used[0], used[1] = known, size
    return count, position


@borrowing_kernel
def _is_end_of_line(text: Bytes, begin: int, length: int) -> bool:
    return length == len(END_OF_LINE) and same_bytes(text, begin, END_OF_LINE, 0, length)


@borrowing_kernel
def find_rows(model: FastTextModel, text: Bytes, vocabulary: Vocabulary, first_word: int) -> None:
    """Append the rows of the words from this number on to the vocabulary's, where there is room for them."""
    _, words, rows, used = vocabulary
    dictionary, kept, bucket_rows = model.dictionary, model.kept, model.bucket_rows
    shortest, longest, buckets = model.shortest, model.longest, np.uint32(model.buckets)
    last = words[first_word - 1, 3] if first_word else 0
    for word in range(first_word, used[0]):
        first = last
        begin = words[word, 1]
        end = begin + (words[word, 0] & 0xFFFFFFFF)
        entry = classify(dictionary, text, begin, end, np.uint32(words[word, 0] >> 32))
        if entry >= 0:
            rows[last] = entry
            last += 1
        if entry != IS_LABEL:
            first_bucket = last
            last, _ = find_buckets(shortest, longest, buckets, text, begin, end, begin - 1, rows, last)
            last = to_rows(dictionary.words, kept, bucket_rows, rows, first_bucket, last)
        words[word, 2], words[word, 3] = first, last


@borrowing_kernel
def classify(dictionary: Dictionary, text: Bytes, begin: int, end: int, value: np.uint32) -> int:
    """The word's number in the dictionary, -1 if it is not there, or IS_LABEL."""
    entry = find_entry(dictionary, text, begin, end, value)
    prefix = len(LABEL_PREFIX)
    if entry < 0 and end - begin >= prefix:
        return IS_LABEL if same_bytes(text, begin, LABEL_PREFIX, 0, prefix) else -1
    return IS_LABEL if entry >= dictionary.words else int(entry)


@borrowing_kernel
def find_buckets(
    shortest: int,
    longest: int,
    buckets: np.uint32,
    text: Bytes,
    begin: int,
    end: int,
    start: int,
    rows: Integers,
    last: int,
) -> tuple[int, int]:
    """Write to rows[last:] the buckets of the n-grams of `<word>` that start at `start` or later.

    The word is text[begin:end]; begin - 1 stands for `<`. Returns the new `last`, and the start to go on
    from where `rows` has no more room, else `end`.
    """
    while start < end:
        if last + longest > len(rows):
            break
        value = HASH_OF_NOTHING
        position = begin
        if start < begin:
            value = hash_byte(value, np.uint8(ord("<")))
        else:
            value, position = _hash_character(value, text, start, end)
            if shortest <= 1 <= longest:
                rows[last] = value % buckets
                last += 1
        start = position
        for length in range(2, longest + 1):
            if position == end:
                value = hash_byte(value, np.uint8(ord(">")))
            else:
                value, position_after = _hash_character(value, text, position, end)
            if length >= shortest:
                rows[last] = value % buckets
                last += 1
            if position == end:
                break
            position = position_after
    return last, start


@inlined_kernel
def _hash_character(value: np.uint32, text: Bytes, position: int, end: int) -> tuple[np.uint32, int]:
    """Go on with a hash over one UTF-8 character; the hash and the position behind it."""
    value = hash_byte(value, text[position])
    position += 1
    while position < end and text[position] & 0xC0 == 0x80:
        value = hash_byte(value, text[position])
        position += 1
    return value, position


@borrowing_kernel
def to_rows(words: int, kept: Bytes, bucket_rows: Integers, rows: Integers, first: int, last: int) -> int:
    """Replace the buckets in rows[first:last] by their rows, pruned ones by none; the new `last`."""
    if len(kept) == 0:
        for i in range(first, last):
            rows[i] += words
        return last
    end = first
    for i in range(first, last):
        bucket = rows[i]
        if kept[bucket >> 3] >> (bucket & 7) & 1:
            rows[end] = bucket_rows[bucket]
            end += 1
    return end
