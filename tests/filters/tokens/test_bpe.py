"""bpe.py and merges.py against SentencePiece, on vocabularies that no trainer would make."""

import struct
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentencepiece import SentencePieceProcessor

from massivetext.filters.tokens import bpe

ALPHABET = "ab \t\né漢字🙂\x00\u0301"


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return bytes([number << 3 & 0x7F | 0x80 * (number > 15)] + [number >> 4] * (number > 15) + [value])
    return bytes([number << 3 | 2, len(value)]) + value


def model(pieces: list[tuple[str, float]]) -> bytes:
    """A SentencePiece model file: BPE, byte fallback, no normalisation, these after 257 reserved ones."""
    kinds = [("<unk>", 0.0, 2), *((f"<0x{byte:02X}>", 0.0, 6) for byte in range(256))]
    kinds += [(piece.replace(" ", "\u2581"), score, 1) for piece, score in pieces]
    vocabulary = b"".join(
        field(1, field(1, piece.encode()) + b"\x15" + struct.pack("<f", score) + field(3, kind))
        for piece, score, kind in kinds
    )
    trainer = field(3, 2) + field(35, 1)
    normalizer = field(3, 0) + field(4, 0)
    return vocabulary + field(2, trainer) + field(3, normalizer)


def encode(table: bpe.Pieces, words: np.ndarray, texts: list[str]) -> list[list[int]]:
    encoded = [text.encode() for text in texts]
    data = np.frombuffer(b"".join(encoded), np.uint8)
    ids = np.empty(len(data) + 2 * len(texts), np.uint32)
    offsets = np.cumsum([0, *map(len, encoded)])
    starts, _, _ = bpe.encode(table, words, data, offsets, ids, -1, -1)
    return [ids[a:b].tolist() for a, b in pairwise(starts)]


def lay_out(pieces: list[tuple[str, float]]) -> bpe.Pieces:
    scores = np.array([0.0] * 257 + [score for _, score in pieces], np.float32)
    return bpe.pieces(
        {piece: 257 + i for i, (piece, _) in enumerate(pieces)}, scores, np.arange(1, 257), 257 + len(pieces)
    )


@st.composite
def vocabularies_and_texts(draw: st.DrawFn) -> tuple[list[tuple[str, float]], list[str]]:
    """Many pieces of few characters, so that merges compete. The space is one, as `bpe.pieces` demands."""
    alphabet = draw(st.lists(st.sampled_from(ALPHABET), min_size=1, max_size=3, unique=True))
    letters = [c for c in alphabet if c != "\x00"] or ["a"]
    shorter = ["".join(p) for n in (1, 2, 3) for p in product(letters, repeat=n)]
    longer = draw(st.lists(st.text(letters, min_size=4, max_size=6), max_size=10))
    dropped = draw(st.sets(st.sampled_from(shorter), max_size=len(shorter) // 2))
    names = sorted({*shorter, *longer, " "} - dropped | {" "})
    scores = draw(st.lists(st.integers(-40, 0), min_size=len(names), max_size=len(names)))
    texts = draw(st.lists(st.text([*alphabet, "z"], max_size=100), min_size=1, max_size=5))
    return [(name, float(score)) for name, score in zip(names, scores, strict=True)], texts


@given(vocabularies_and_texts())
@settings(max_examples=300, deadline=None)
def test_any_vocabulary_gives_sentencepieces_ids(drawn: tuple[list[tuple[str, float]], list[str]]) -> None:
    pieces, texts = drawn
    processor = SentencePieceProcessor(model_proto=model(pieces))
    table, words = lay_out(pieces), bpe.memory()
    expected = [processor.encode(text) for text in texts]
    assert encode(table, words, texts) == expected
    assert encode(table, words, texts) == expected, "remembered words differ"


def test_a_word_longer_than_is_remembered_is_merged_whole() -> None:
    pieces = [("ab", -1.0), ("abab", -2.0), ("ba", -3.0)]
    processor = SentencePieceProcessor(model_proto=model(pieces))
    for text in ("ab" * 10_000, "ab" * (bpe.WORD_BYTES // 2), "a" + "ab" * (bpe.WORD_BYTES // 2)):
        assert encode(lay_out(pieces), bpe.memory(), [text]) == [processor.encode(text)]


@pytest.mark.parametrize("seed", range(30))
def test_merges_compete_in_long_words_as_in_short_ones(seed: int) -> None:
    """Half of all strings of three letters are pieces, in any order of merges and with ties."""
    draw = np.random.default_rng(seed)
    names = ["".join(name) for length in (2, 3, 4) for name in product("abc", repeat=length)]
    names = ["a", "b", "c", *draw.permutation(names)[: len(names) // 2]]
    pieces = [(str(name), float(-draw.integers(60))) for name in names] + [(" ", -99.0)]
    texts = ["".join(draw.choice(list("abc"), length)) for length in [*range(2, 60), 500]]
    processor = SentencePieceProcessor(model_proto=model(pieces))
    assert encode(lay_out(pieces), bpe.memory(), texts) == [processor.encode(text) for text in texts]


@pytest.mark.parametrize("block", range(3))
def test_words_that_share_a_slot_do_not_share_ids(block: int) -> None:
    """So many words, different in one block of eight bytes, that hundreds of them meet in a slot."""
    letters = "abcdefghijklmnop"
    pieces = [("".join(pair), -float(i)) for i, pair in enumerate(product(letters, repeat=2))]
    pieces += [("aaaa", -300.0), ("aaaaaaaa", -301.0), (" ", -302.0)]
    words = np.full((20_000, 25), ord("a"), np.uint8)
    words[:, 8 * block : 8 * block + 4] += np.random.default_rng(3).integers(0, 16, (20_000, 4), np.uint8)
    words[:, 24] = ord("\n")
    text = words.tobytes().decode()
    expected = SentencePieceProcessor(model_proto=model(pieces)).encode(text)
    table, words = lay_out(pieces), bpe.memory()
    assert encode(table, words, [text]) == [expected]
    assert encode(table, words, [text]) == [expected]


def test_trailing_nul_is_part_of_the_word() -> None:
    """Words are compared by zero-padded blocks: only the length tells these two apart."""
    pieces = [("a\x01", -1.0), ("a", -2.0), ("ab", -3.0)]
    table, words = lay_out([*pieces, ("\x00\x00", -4.0), ("b\x00", -5.0)]), bpe.memory()
    assert encode(table, words, ["ab ", "ab\x00 "]) == [[259, 33], [259, 1, 33]]
