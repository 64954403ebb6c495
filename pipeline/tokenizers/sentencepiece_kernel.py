"""Encodes with a SentencePiece byte-pair model by the kernel of `filters.tokens.ranked`."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.tokens.ranked.added import added
from massivetext.filters.tokens.ranked.layers import layers
from massivetext.filters.tokens.ranked.merges import ID_BITS, merges
from massivetext.filters.tokens.ranked.model import Model, Symbols, characters, settle
from massivetext.filters.tokens.ranked.seams import seams
from massivetext.filters.tokens.ranked.vocabulary import vocabulary as vocabulary_of
from massivetext.pipeline.tokenizers.protocol import Encoded, NoFastEncoderError
from massivetext.pipeline.tokenizers.ranked_kernel import SPACE, RankedKernel
from massivetext.pipeline.tokenizers.ranked_model import Plan, Prefix
from massivetext.pipeline.tokenizers.sentencepiece_model import BPE, Kind, Vocabulary


class SentencePieceKernel(RankedKernel):
    """A tokenizers.FastEncoder of a model with byte fallback and no normalisation: Llama's, and all trained here."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Raises NoFastEncoderError if the ids depend on more than the merges of the unchanged text."""
        if reason := _reason_against(vocabulary):
            raise NoFastEncoderError(reason)
        prefix: Prefix = "always" if vocabulary.dummy_prefix else "never"
        super().__init__(Plan(_model(vocabulary), None, prefix, False), None)

    def encode(self, text: pa.StringArray, bos: int, eos: int, dtype: Any) -> Encoded:
        """See FastEncoder."""
        text = pc.replace_substring(text, SPACE, " ")  # SentencePiece does not distinguish the two
        return super().encode(text, bos, eos, dtype)


def _reason_against(vocabulary: Vocabulary) -> str:
    # The kernel would find a reserved piece of one character in a text with that character.
    reserved = (p for p, k in zip(vocabulary.pieces, vocabulary.kinds, strict=True) if k != Kind.NORMAL)
    texts = _texts(vocabulary)
    scores = [vocabulary.scores[identity] for text, identity in texts.items() if len(text) > 1]
    reasons = {
        "its model is not byte-pair encoding": vocabulary.algorithm != BPE,
        "it has no byte fallback": not vocabulary.byte_fallback or vocabulary.kinds.count(Kind.BYTE) != 256,
        "it normalises text": bool(vocabulary.character_map),
        "it drops white space": vocabulary.collapses_spaces,
        "it puts spaces at the ends of words": vocabulary.whitespace_as_suffix
        or not vocabulary.escapes_spaces,
        "it has no piece for the space": SPACE not in vocabulary.pieces,
        "it has user-defined pieces": Kind.USER_DEFINED in vocabulary.kinds,
        "it has unused pieces": Kind.UNUSED in vocabulary.kinds,
        "it reserves a character": any(len(piece) < 2 for piece in reserved),
        "it has a million pieces": len(vocabulary.pieces) >= (1 << ID_BITS) - 1,
        "a character of its pieces is no piece": any(c not in texts for text in texts for c in text),
        "two of its pieces have one score": len(set(scores)) < len(scores),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _texts(vocabulary: Vocabulary) -> dict[str, int]:
    """Returns the ids of the pieces that occur in texts, spelt with plain spaces."""
    found = zip(vocabulary.pieces, vocabulary.kinds, strict=True)
    return {
        piece.replace(SPACE, " "): identity
        for identity, (piece, kind) in enumerate(found)
        if kind == Kind.NORMAL
    }


def _model(vocabulary: Vocabulary) -> Model:
    """Lays out the model. Every way to split a piece into two pieces is a merge, and all merges that give a piece have
    the piece's rank: the higher its score, the better.
    """
    ids = _texts(vocabulary)
    of_bytes = {
        int(piece[1:-1], 16): identity
        for identity, (piece, kind) in enumerate(zip(vocabulary.pieces, vocabulary.kinds, strict=True))
        if kind == Kind.BYTE
    }
    merged = sorted((text for text in ids if len(text) > 1), key=lambda text: -vocabulary.scores[ids[text]])
    pairs = [
        (ids[text[:cut]], ids[text[cut:]], rank)
        for rank, text in enumerate(merged)
        for cut in range(1, len(text))
        if text[:cut] in ids and text[cut:] in ids
    ]
    left, right, ranks = np.array(pairs, np.int64).reshape(-1, 3).T.copy()
    texts = [b""] * len(vocabulary.pieces)
    for text, identity in ids.items():
        texts[identity] = text.encode()
    words = vocabulary_of(texts)
    model = Model(
        added({}),
        layers([]),
        seams(words),
        words,
        merges(left, right, ranks, np.array([ids[text] for text in merged], np.int64)),
        Symbols(
            np.array([of_bytes[byte] for byte in range(256)], np.int32),
            characters({text: identity for text, identity in ids.items() if len(text) == 1}),
        ),
    )
    settle(model, False)
    return model
