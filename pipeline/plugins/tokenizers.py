"""The kinds of tokenizer that plugins bring."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from massivetext.filters.discover import Registry


@dataclass(frozen=True)
class TokenizerKind:
    """A kind of tokenizer, by its name in `tokenizer.kind`.

    `open` makes a tokenizer (pipeline.tokenizers.protocol.Tokenizer) from the bytes of the file that `tokenizer.model`
    names. It raises ValueError if they are no tokenizer.
    """

    name: str
    open: Callable[[bytes], Any]


TOKENIZERS: Registry[TokenizerKind] = Registry([])
"""The kinds of tokenizer of the plugins in use."""
