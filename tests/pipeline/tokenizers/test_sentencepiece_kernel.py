"""The kernel against SentencePiece, on vocabularies that no trainer would make."""

import struct
from itertools import pairwise, product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentencepiece import SentencePieceProcessor

from massivetext.pipeline.tokenizers.protocol import NoFastEncoderError
from massivetext.pipeline.tokenizers.sentencepiece_kernel import SentencePieceKernel
from massivetext.pipeline.tokenizers.sentencepiece_model import read

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


def encode(kernel: SentencePieceKernel, texts: list[str]) -> list[list[int]]:
    starts, ids, *_ = kernel.encode(pa.array(texts), -1, -1, np.uint32)
    return [ids[a:b].tolist() for a, b in pairwise(starts)]


def lay_out(pieces: list[tuple[str, float]]) -> SentencePieceKernel:
    return SentencePieceKernel(read(model(pieces)))


def both(pieces: list[tuple[str, float]], texts: list[str]) -> None:
    """Compares the kernel with the library on texts that are new, and on texts whose words it remembers."""
    processor = SentencePieceProcessor(model_proto=model(pieces))
    expected = [processor.encode(text) for text in texts]
    kernel = lay_out(pieces)
    assert encode(kernel, texts) == expected
    assert encode(kernel, texts) == expected, "remembered words differ"


@st.composite
def vocabularies_and_texts(draw: st.DrawFn) -> tuple[list[tuple[str, float]], list[str]]:
    """Many pieces of few characters, so that merges compete. The space is one, as is every character."""
    alphabet = draw(st.lists(st.sampled_from(ALPHABET), min_size=1, max_size=3, unique=True))
    letters = [c for c in alphabet if c != "\x00"] or ["a"]
    shorter = ["".join(p) for n in (1, 2, 3) for p in product(letters, repeat=n)]
    longer = draw(st.lists(st.text(letters, min_size=4, max_size=6), max_size=10))
    dropped = draw(st.sets(st.sampled_from(shorter), max_size=len(shorter) // 2))
    names = sorted({*shorter, *longer, " "} - dropped | {" "})
    names = sorted({*names, *letters})
    scores = draw(st.permutations(range(-len(names), 0)))
    texts = draw(st.lists(st.text([*alphabet, "z"], max_size=100), min_size=1, max_size=5))
    return [(name, float(score)) for name, score in zip(names, scores, strict=True)], texts


@given(vocabularies_and_texts())
@settings(max_examples=300, deadline=None)
def test_any_vocabulary_gives_sentencepieces_ids(drawn: tuple[list[tuple[str, float]], list[str]]) -> None:
    both(*drawn)


def test_a_word_longer_than_is_remembered_is_merged_whole() -> None:
    letters = [("a", -4.0), ("b", -5.0), (" ", -6.0)]
    pieces = [("ab", -1.0), ("abab", -2.0), ("ba", -3.0), *letters]
    both(pieces, ["ab" * 10_000, *("ab" * length for length in range(30)), "a" + "ab" * 24])


@pytest.mark.parametrize("seed", range(30))
def test_merges_compete_in_long_words_as_in_short_ones(seed: int) -> None:
    """Half of all strings of three letters are pieces, in any order of merges."""
    draw = np.random.default_rng(seed)
    names = ["".join(name) for length in (2, 3, 4) for name in product("abc", repeat=length)]
    names = ["a", "b", "c", *draw.permutation(names)[: len(names) // 2]]
    scores = -draw.permutation(len(names)).astype(float)
    pieces = [(str(name), float(score)) for name, score in zip(names, scores, strict=True)] + [(" ", -99.0)]
    texts = ["".join(draw.choice(list("abc"), length)) for length in [*range(2, 60), 500]]
    both(pieces, texts)


@pytest.mark.parametrize("block", range(3))
def test_words_that_share_a_slot_do_not_share_ids(block: int) -> None:
    """So many words, different in one block of eight bytes, that hundreds of them meet in a slot."""
    letters = "abcdefghijklmnop"
    pieces = [("".join(pair), -float(i)) for i, pair in enumerate(product(letters, repeat=2))]
    pieces += [("aaaa", -300.0), ("aaaaaaaa", -301.0), (" ", -302.0)]
    pieces += [(letter, -400.0 - i) for i, letter in enumerate(letters)]
    words = np.full((20_000, 25), ord("a"), np.uint8)
    words[:, 8 * block : 8 * block + 4] += np.random.default_rng(3).integers(0, 16, (20_000, 4), np.uint8)
    words[:, 24] = ord("\n")
    both(pieces, [words.tobytes().decode()])


def test_trailing_nul_is_part_of_the_word() -> None:
    """Words are compared by zero-padded blocks: only the length tells these two apart."""
    letters = [(letter, -10.0 - i) for i, letter in enumerate("ab \x01")]
    pieces = [("a\x01", -1.0), ("ab", -3.0), *letters]
    both(pieces, ["ab ", "ab\x00 ", "ab", "ab\x00", "ab\x00\x00"])


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        ([("a", -1.0), ("b", -2.0), ("ab", -3.0), ("ba", -3.0), (" ", -4.0)], "have one score"),
        ([("a", -1.0), ("ab", -3.0), (" ", -4.0)], "is no piece"),
        ([("a", -1.0)], "no piece for the space"),
    ],
)
def test_other_vocabularies_are_refused(pieces: list[tuple[str, float]], reason: str) -> None:
    with pytest.raises(NoFastEncoderError, match=reason):
        lay_out(pieces)
