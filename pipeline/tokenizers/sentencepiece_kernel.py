"""Encodes with a SentencePiece byte-pair model by the kernel of `filters.tokens.bpe`."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.kernels.utf8 import views
from massivetext.filters.tokens import bpe
from massivetext.pipeline.tokenizers.protocol import Encoded, NoFastEncoderError
from massivetext.pipeline.tokenizers.sentencepiece_model import BPE, Kind, Vocabulary

SPACE = "\u2581"  # replaces a space in pieces


class SentencePieceKernel:
    """A tokenizers.FastEncoder of a model with byte fallback and no normalisation: Llama's, and all trained here."""

    name = "filters.tokens.bpe"

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Raises NoFastEncoderError if the ids depend on more than the merges of the unchanged text."""
        if reason := _reason_against(vocabulary):
            raise NoFastEncoderError(reason)
        self._dummy_prefix = vocabulary.dummy_prefix
        self._pieces = _lay_out(vocabulary)
        self.words = bpe.memory()

    def forget(self) -> None:
        """See FastEncoder."""
        self.words[:] = 0

    def encode(self, text: pa.StringArray, bos: int, eos: int, dtype: Any) -> Encoded:
        """See FastEncoder."""
        text = pc.replace_substring(text, SPACE, " ")  # SentencePiece does not distinguish the two
        if self._dummy_prefix:
            text = pc.if_else(pc.equal(text, ""), text, pc.binary_join_element_wise(" ", text, ""))
        offsets, data = views(text)
        out = np.empty(int(offsets[-1] - offsets[0]) + 2 * len(text), dtype)
        starts, looked, missed = bpe.encode(self._pieces, self.words, data, offsets, out, bos, eos)
        return Encoded(starts, out[: starts[-1]], looked, missed)


def _reason_against(vocabulary: Vocabulary) -> str:
    # The kernel would find a reserved piece of one character in a text with that character.
    reserved = (p for p, k in zip(vocabulary.pieces, vocabulary.kinds, strict=True) if k != Kind.NORMAL)
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
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _lay_out(vocabulary: Vocabulary) -> bpe.Pieces:
    byte_ids = np.zeros(256, np.int64)
    texts = {}
    for identity, (piece, kind) in enumerate(zip(vocabulary.pieces, vocabulary.kinds, strict=True)):
        if kind == Kind.NORMAL:
            texts[piece.replace(SPACE, " ")] = identity
        elif kind == Kind.BYTE:
            byte_ids[int(piece[1:-1], 16)] = identity
    return bpe.pieces(texts, np.array(vocabulary.scores, np.float32), byte_ids, len(vocabulary.pieces))
