"""Models of SentencePiece (`tokenizer.model`)."""

import numpy as np
from sentencepiece import SentencePieceProcessor

from massivetext.pipeline.tokenizers.protocol import Boundary, FastEncoder
from massivetext.pipeline.tokenizers.sentencepiece_kernel import SentencePieceKernel
from massivetext.pipeline.tokenizers.sentencepiece_model import UNIGRAM, Kind, read
from massivetext.pipeline.tokenizers.unigram_kernel import UnigramKernel


class SentencePiece:
    """A tokenizer.Tokenizer of a SentencePiece model, which names its own special pieces."""

    def __init__(self, model: bytes) -> None:
        """Raises ValueError if `model` is not a SentencePiece model."""
        self.vocabulary = read(model)
        self.processor = SentencePieceProcessor(model_proto=model)
        self.size = len(self.vocabulary.pieces)
        self._boundaries: dict[Boundary, int] = {
            "bos": self.processor.bos_id(),
            "eos": self.processor.eos_id(),
        }
        pad = self.processor.pad_id()  # -1: the model has none
        self.pad: int = pad if pad >= 0 else max(0, self._boundaries["eos"])
        self.unknown: int = self.processor.unk_id()
        self.byte_ids = frozenset(i for i, kind in enumerate(self.vocabulary.kinds) if kind == Kind.BYTE)

    def boundary(self, name: Boundary) -> int:
        """See Tokenizer."""
        if self._boundaries[name] < 0:
            raise ValueError(f"the tokenizer has no {name} piece: set mix.add_{name} to false")
        return self._boundaries[name]

    def encode(self, text: str) -> np.ndarray:
        """See Tokenizer."""
        ids: np.ndarray = self.processor.encode_as_numpy(text)
        return ids

    def fast(self) -> FastEncoder:
        """See Tokenizer."""
        if self.vocabulary.algorithm == UNIGRAM:
            return UnigramKernel(self.vocabulary)
        return SentencePieceKernel(self.vocabulary)

    def decode(self, ids: list[int]) -> str:
        """See Tokenizer."""
        return str(self.processor.decode(ids))
