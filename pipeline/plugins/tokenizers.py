"""The kinds of tokenizer that plugins bring."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from massivetext.filters.discover import Registry

SPECIAL = ("bos", "eos", "pad", "unknown")
"""The tokens that a tokenizer may have: the first and the last of a document, what fills sequences, what stands for
text that no other token spells."""


class OwnTokenizer(Protocol):
    """What a plugin writes: a vocabulary, and the rules that make ids of texts."""

    size: int  # of the vocabulary: every id is below
    special: Mapping[str, int]  # the ids of the tokens of SPECIAL, as far as it has them

    def encode(self, text: str) -> Sequence[int] | np.ndarray:
        """The ids of a text, without those that begin or end a document."""

    def decode(self, ids: list[int]) -> str:
        """The text of some ids, for people."""


@dataclass(frozen=True)
class TokenizerKind:
    """A kind of tokenizer, by its name in `tokenizer.kind`.

    `open` makes a tokenizer from the bytes of the file that `tokenizer.model` names. It raises ValueError if they are
    no tokenizer.
    """

    name: str
    open: Callable[[bytes], OwnTokenizer]


@dataclass(frozen=True)
class TokenizerInUse:
    """A kind of tokenizer that a plugin brings. `seconds` limits each call of the plugin's code."""

    plugin: str
    name: str
    seconds: float
    open: Callable[[bytes], OwnTokenizer]


TOKENIZERS: Registry[TokenizerInUse] = Registry([])
"""The kinds of tokenizer of the plugins in use."""
