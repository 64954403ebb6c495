"""Text to token ids: always those of the tokenizer's own library, for SentencePiece mostly without asking it."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.filters.kernels.utf8 import views
from massivetext.filters.seeded import order
from massivetext.filters.tokens import bpe
from massivetext.pipeline.tokenizers.protocol import Tokenizer
from massivetext.pipeline.tokenizers.sentencepiece import SentencePiece
from massivetext.pipeline.tokenizers.sentencepiece_model import BPE, Kind, Vocabulary
from massivetext.schemas.token import tokens

SPACE = "\u2581"  # stands for a space in pieces


class EncodingError(RuntimeError):
    """The fast encoder gave other ids than SentencePiece: a defect here, never of the data."""


class Encoder:
    """Encodes documents with a tokenizer. For one thread at a time.

    SentencePiece's byte-pair models with byte fallback and no normalisation (Llama's, and all that
    `pipeline.stages.tokenizer.train` makes) take the fast way of `filters.tokens.bpe`; all others go through their
    library. A share of the documents, chosen by a seeded hash of the id, is encoded both ways and compared.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        *,
        seed: int,
        bos: bool = False,
        eos: bool = True,
        checked_share: float = 0.002,
    ) -> None:
        """Raises ValueError where `bos` or `eos` is asked for and the tokenizer has none."""
        self.tokenizer = tokenizer
        self.bos = tokenizer.boundary("bos") if bos else -1
        self.eos = tokenizer.boundary("eos") if eos else -1
        self.seed = seed
        self.checked_below = np.uint64(min(int(checked_share * 2**64), 2**64 - 1))
        self._type = tokens(tokenizer.size).field("tokens").type
        self._dtype = np.uint16 if self._type.value_type == pa.uint16() else np.uint32
        self.fast = False
        if isinstance(tokenizer, SentencePiece) and _is_plain(tokenizer.vocabulary):
            self.fast = True
            self._dummy_prefix = tokenizer.vocabulary.dummy_prefix
            self._pieces = _lay_out(tokenizer.vocabulary)
            self._words = bpe.memory()
        self.restart()

    def restart(self) -> None:
        """Forget words and counts: what is counted then depends on what is encoded from here on alone."""
        self.lookups = 0  # words of several bytes
        self.misses = 0  # of them, those that were not in the table of words
        self.checked = 0  # documents encoded both ways
        if self.fast:
            self._words[:] = 0

    def encode(self, ids: pa.StringArray, text: pa.StringArray) -> pa.ListArray:
        """The token ids of each document, between BOS and EOS where asked for: list<uint16 or uint32>[n].

        Raises EncodingError, naming the document, where both ways differ.
        """
        if not self.fast:
            return self._exact(text)
        encoded = self._quick(text)
        chosen = pa.array(np.flatnonzero(order(ids, self.seed, "encode both ways") < self.checked_below))
        self.checked += len(chosen)
        if len(chosen):
            expected, got = self._exact(text.take(chosen)), encoded.take(chosen)
            if got != expected:
                wrong = next(i for i in range(len(chosen)) if got[i] != expected[i])
                raise EncodingError(
                    f"document {ids[chosen[wrong].as_py()]}: its ids differ from SentencePiece's; "
                    "please report it with the document's text and the tokenizer's model"
                )
        return encoded

    def _quick(self, text: pa.StringArray) -> pa.ListArray:
        text = pc.replace_substring(text, SPACE, " ")  # SentencePiece does not tell them apart
        if self._dummy_prefix:
            text = pc.if_else(pc.equal(text, ""), text, pc.binary_join_element_wise(" ", text, ""))
        offsets, data = views(text)
        size = int(offsets[-1] - offsets[0])
        out = np.empty(size + 2 * len(text), self._dtype)
        starts, looked, missed = bpe.encode(self._pieces, self._words, data, offsets, out, self.bos, self.eos)
        self.lookups += looked
        self.misses += missed
        return self._list(starts, out[: starts[-1]].copy())

    def _exact(self, text: pa.StringArray) -> pa.ListArray:
        starts = np.zeros(len(text) + 1, np.int32)
        parts = []
        before = [self.bos] if self.bos >= 0 else []
        after = [self.eos] if self.eos >= 0 else []
        for row, document in enumerate(text):
            parts += [before, self.tokenizer.encode(document.as_py()), after]
            starts[row + 1] = starts[row] + sum(map(len, parts[-3:]))
        return self._list(starts, np.concatenate([[], *parts]).astype(self._dtype))

    def _list(self, starts: np.ndarray, values: np.ndarray) -> pa.ListArray:
        return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), pa.array(values), type=self._type)


def _is_plain(vocabulary: Vocabulary) -> bool:
    """Whether ids depend on nothing but the merges of the text as it stands."""
    return (
        vocabulary.algorithm == BPE
        and vocabulary.byte_fallback
        and vocabulary.kinds.count(Kind.BYTE) == 256
        and not vocabulary.character_map
        and not vocabulary.collapses_spaces
        and not vocabulary.whitespace_as_suffix
        and vocabulary.escapes_spaces
        and SPACE in vocabulary.pieces
        and Kind.USER_DEFINED not in vocabulary.kinds
        and Kind.UNUSED not in vocabulary.kinds
        # A reserved piece of one character would be found by the text's own character.
        and all(
            len(p) > 1 for p, k in zip(vocabulary.pieces, vocabulary.kinds, strict=True) if k != Kind.NORMAL
        )
    )


def _lay_out(vocabulary: Vocabulary) -> bpe.Pieces:
    byte_ids = np.zeros(256, np.int64)
    texts = {}
    for identity, (piece, kind) in enumerate(zip(vocabulary.pieces, vocabulary.kinds, strict=True)):
        if kind == Kind.NORMAL:
            texts[piece.replace(SPACE, " ")] = identity
        elif kind == Kind.BYTE:
            byte_ids[int(piece[1:-1], 16)] = identity
    return bpe.pieces(texts, np.array(vocabulary.scores, np.float32), byte_ids, len(vocabulary.pieces))
