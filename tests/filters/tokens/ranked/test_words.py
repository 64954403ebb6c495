"""The tables of words keep what they are given, whatever the number of ids and the words beside it."""

import numpy as np

from massivetext.filters.kernels.bits import load_bytes
from massivetext.filters.kernels.kernel import kernel
from massivetext.filters.tokens.ranked.vocabulary import ANYWHERE, NO_TOKEN, hash_of, vocabulary
from massivetext.filters.tokens.ranked.words import (
    Words,
    forget,
    remember_short,
    remember_tokens,
    short_line,
    short_slot,
    slot_for_new,
    words,
    write_short,
)


@kernel
def _remember(words: Words, data: np.ndarray, mark: np.uint64, ids: np.ndarray) -> None:
    low, high = load_bytes(data, 0, len(data))
    slot = slot_for_new(words, short_line(hash_of(low, high)), low)
    remember_short(words, slot, low, high, mark, ids, 0, len(ids))


@kernel
def _recall(words: Words, data: np.ndarray, mark: np.uint64, ids: np.ndarray) -> int:
    low, high = load_bytes(data, 0, len(data))
    line = short_line(hash_of(low, high))
    slot = short_slot(words, line, low, high, mark)
    if slot == line + np.uint64(8):
        return 0
    return write_short(words.short[slot + np.uint64(2)], words.short[slot + np.uint64(3)], ids, 0)


def recalled(table: Words, word: bytes, mark: int) -> list[int]:
    ids = np.zeros(5, np.int64)
    count = _recall(table, np.frombuffer(word, np.uint8), np.uint64(mark), ids)
    return ids[:count].tolist()


def test_words_come_back_with_their_ids() -> None:
    table = words()
    generator = np.random.default_rng(0)
    kept = {}
    for number in range(2000):
        word = f"{number:x}".encode()
        kept[word] = generator.integers(0, (1 << 20) - 1, 1 + number % 5).tolist()
        _remember(table, np.frombuffer(word, np.uint8), np.uint64(len(word)), np.array(kept[word]))
    found = {word: recalled(table, word, len(word)) for word in kept}
    assert all(ids in ([], kept[word]) for word, ids in found.items())
    assert sum(ids == [] for ids in found.values()) < 5  # of 2,000 in 2^18 lines of two
    word = next(iter(kept))
    assert recalled(table, word, 64 + len(word)) == []  # another mark
    assert recalled(table, word + b"\0", len(word)) == found[word]  # the mark alone tells NULs at the end
    forget(table)
    assert recalled(table, word, len(word)) == []


def test_a_word_of_six_ids_is_not_kept() -> None:
    table = words()
    word = np.frombuffer(b"word", np.uint8)
    _remember(table, word, np.uint64(4), np.arange(6))
    assert recalled(table, b"word", 4) == []


def test_the_tokens_that_occur_are_known() -> None:
    texts = [b"a", b"bc", b"never", b"longer than sixteen", b""]
    tokens = vocabulary(texts)
    tokens.use[:] = [ANYWHERE, ANYWHERE, NO_TOKEN, ANYWHERE, NO_TOKEN]
    table = words()
    remember_tokens(table, tokens)
    assert [recalled(table, text, len(text)) for text in texts[:3]] == [[0], [1], []]
