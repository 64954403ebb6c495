"""The interfaces of tokenizers and of their fast encoders."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Boundary = Literal["bos", "eos"]
FILLING = ("prefix", "suffix", "middle")
"""The tokens of fill-in-the-middle, by their keys in the configuration."""


class Tokenizer(Protocol):
    """A vocabulary and the rules that turn texts into ids. For one thread at a time."""

    size: int  # of the vocabulary; every id is below it
    pad: int  # the id that fills sequences: the vocabulary's own, else that of EOS, else 0
    unknown: int  # the id for text that no other id can spell; -1: there is none
    byte_ids: frozenset[int]  # the ids of tokens for a single byte of a character without a token

    def boundary(self, name: Boundary) -> int:
        """Returns the id that begins (bos) or ends (eos) a document. Raises ValueError, which says what to do, if
        there is none."""

    def encode(self, text: str) -> Sequence[int] | np.ndarray:
        """Returns the ids of a text, without bos and eos."""

    def decode(self, ids: list[int]) -> str:
        """Returns the text of some ids, for people."""

    def fast(self) -> "FastEncoder":
        """Returns an encoder that gives the same ids much faster. Raises NoFastEncoderError, which says why there is
        none."""


class Encoded(NamedTuple):
    """The ids of some documents in one array."""

    starts: npt.NDArray[np.int32]  # [documents + 1]
    ids: npt.NDArray[np.unsignedinteger]
    lookups: int = 0  # words that the encoder looked up in its table
    misses: int = 0  # those of them that were not in the table


class FastEncoder(Protocol):
    """Gives the same ids as a tokenizer's own library. For one thread at a time."""

    name: str  # of the encoder, for messages

    def encode(self, text: pa.StringArray, bos: int, eos: int, dtype: Any) -> Encoded:
        """Returns the ids of each document between bos and eos. -1: without."""

    def forget(self) -> None:
        """Forget all words, so that the counts depend only on the documents that are encoded from now on."""


class NoFastEncoderError(ValueError):
    """No fast encoder supports the tokenizer. The message says which of its settings is the cause."""
