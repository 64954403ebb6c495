"""What every kind of tokenizer offers, and the interfaces they share."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Boundary = Literal["bos", "eos"]
FILLING = ("prefix", "suffix", "middle")
"""The tokens of fill-in-the-middle, by their keys in the configuration."""


class Tokenizer(Protocol):
    """A vocabulary and the rules that make ids of texts. For one thread at a time."""

    size: int  # of the vocabulary: every id is below
    pad: int  # the id that fills sequences up: the vocabulary's own for it, else that of EOS, else 0
    unknown: int  # the id that stands for text that no other can spell, -1: there is none
    byte_ids: frozenset[int]  # of tokens that are a single byte of a character that has no token

    def boundary(self, name: Boundary) -> int:
        """The id that begins or ends a document; raises ValueError, which says what to do, without one."""

    def encode(self, text: str) -> Sequence[int] | np.ndarray:
        """The ids of a text, without any that begin or end a document."""

    def decode(self, ids: list[int]) -> str:
        """The text of some ids, for people."""

    def fast(self) -> "FastEncoder":
        """A way to the same ids at many times the speed; raises NoFastEncoderError, which says why there is none."""


class Encoded(NamedTuple):
    """The ids of some documents, end to end."""

    starts: npt.NDArray[np.int32]  # [documents + 1]
    ids: npt.NDArray[np.unsignedinteger]
    lookups: int = 0  # words that were looked up in the encoder's table
    misses: int = 0  # and those of them that were not there


class FastEncoder(Protocol):
    """Gives the ids of a tokenizer's own library. For one thread at a time."""

    name: str  # of what does the work, for people

    def encode(self, text: pa.StringArray, bos: int, eos: int, dtype: Any) -> Encoded:
        """The ids of each document between bos and eos, -1: none."""

    def forget(self) -> None:
        """Forget all words: what is counted then depends on what is encoded from here on alone."""


class NoFastEncoderError(ValueError):
    """No fast encoder knows the tokenizer; the message says what it does not know."""
