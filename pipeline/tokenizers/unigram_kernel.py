"""SentencePiece's unigram models (T5, mT5, XLM-R) by the kernel of `filters.tokens.unigram`."""

from typing import Any

import numpy as np
import pyarrow as pa

from massivetext.filters.kernels.utf8 import views
from massivetext.filters.tokens.unigram import encode as unigram
from massivetext.filters.tokens.unigram.normalise import normaliser
from massivetext.filters.tokens.unigram.trie import trie
from massivetext.pipeline.tokenizers.protocol import Encoded, NoFastEncoderError
from massivetext.pipeline.tokenizers.sentencepiece_model import UNIGRAM, Kind, Vocabulary

_UNKNOWN_PENALTY = np.float32(10)


class UnigramKernel:
    """A tokenizers.FastEncoder. It remembers no words: see filters.tokens.unigram.encode."""

    name = "filters.tokens.unigram"

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Raises NoFastEncoderError if the model treats spaces in a way that the kernel does not know."""
        if vocabulary.algorithm != UNIGRAM:
            raise NoFastEncoderError("its model is not a unigram model")
        if vocabulary.whitespace_as_suffix or not vocabulary.escapes_spaces:
            raise NoFastEncoderError("it puts spaces at the ends of words")
        self._normaliser = normaliser(
            vocabulary.character_map,
            [piece.encode() for piece in _of(vocabulary, Kind.USER_DEFINED)],
            vocabulary.dummy_prefix,
            vocabulary.collapses_spaces,
        )
        self._pieces = _lay_out(vocabulary)

    def forget(self) -> None:
        """See FastEncoder."""

    def encode(self, text: pa.StringArray, bos: int, eos: int, dtype: Any) -> Encoded:
        """See FastEncoder."""
        offsets, data = views(text)
        return Encoded(*unigram.encode(self._normaliser, self._pieces, data, offsets, bos, eos, dtype))


def _of(vocabulary: Vocabulary, *kinds: Kind) -> dict[str, int]:
    return {
        piece: identity
        for identity, (piece, kind) in enumerate(zip(vocabulary.pieces, vocabulary.kinds, strict=True))
        if kind in kinds
    }


def _lay_out(vocabulary: Vocabulary) -> unigram.Pieces:
    normal = _of(vocabulary, Kind.NORMAL)
    scores = np.array(vocabulary.scores, np.float32)
    of_normal = scores[list(normal.values())]
    [unknown] = _of(vocabulary, Kind.UNKNOWN).values()
    found = _of(vocabulary, Kind.NORMAL, Kind.USER_DEFINED)
    is_chosen = np.array([kind == Kind.USER_DEFINED for kind in vocabulary.kinds], np.bool_)
    byte_ids = np.empty(0, np.int32)
    if vocabulary.byte_fallback:
        by_name = _of(vocabulary, Kind.BYTE)
        byte_ids = np.array([by_name[f"<0x{byte:02X}>"] for byte in range(256)], np.int32)
    return unigram.Pieces(
        trie({piece.encode(): identity for piece, identity in found.items()}),
        scores,
        is_chosen,
        np.float32(max(of_normal.max(initial=0), np.finfo(np.float32).tiny)),
        unknown,
        np.float32(of_normal.min(initial=np.finfo(np.float32).max) - _UNKNOWN_PENALTY),
        max(4, *(len(piece.encode()) for piece in found)),
        byte_ids,
    )
