"""Kinds of tokenizer that plugins bring."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from massivetext.filters.discover import Registry


@dataclass(frozen=True)
class TokenizerKind:
    """A kind of tokenizer, by its name in `tokenizer.kind`.

    `open` makes a tokenizer (pipeline.tokenizers.protocol.Tokenizer) of the bytes of the file that `tokenizer.model`
    names. It raises ValueError for bytes that are none.
    """

    name: str
    open: Callable[[bytes], Any]


TOKENIZERS: Registry[TokenizerKind] = Registry([])
"""The kinds that the plugins in use bring."""
