"""What every kind of tokenizer offers, and the one interface they share."""

from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np

Boundary = Literal["bos", "eos"]


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
