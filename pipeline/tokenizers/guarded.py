"""A plugin's tokenizer, whose every answer is checked: an id that the vocabulary lacks would be a wrong token."""

from functools import partial
from typing import Literal

import numpy as np

from massivetext.pipeline.plugins.guard import PluginError, called
from massivetext.pipeline.plugins.tokenizers import SPECIAL, OwnTokenizer, TokenizerInUse
from massivetext.pipeline.tokenizers.protocol import FastEncoder, NoFastEncoderError

TRIED = "A mill,\n\u00e9t\u00e9 \u6c34\u8eca \U0001f30a"  # encoded before any work
MOST_TOKENS = 1 << 32  # of a vocabulary, as ids have at most 32 bits


class GuardedTokenizer:
    """The Tokenizer (pipeline.tokenizers.protocol) that a plugin's object makes.

    Raises PluginError, which names the plugin, if the object is not a proper tokenizer.
    """

    byte_ids: frozenset[int] = frozenset()

    def __init__(self, kind: TokenizerInUse, model: bytes) -> None:
        """Raises ValueError if the plugin says that the file is not such a tokenizer."""
        self._called = partial(called, kind.plugin, f"tokenizer {kind.name}", kind.seconds)
        self._who = f"{kind.plugin}: tokenizer {kind.name}"
        self._own = self._opened(kind, model)
        self.size = self._size()
        self._special = self._specials()
        self.pad = self._special.get("pad", self._special.get("eos", 0))
        self.unknown = self._special.get("unknown", -1)
        self.decode(self.encode(TRIED).tolist())

    def boundary(self, name: Literal["bos", "eos"]) -> int:
        """The id that begins or ends a document."""
        if name not in self._special:
            raise ValueError(
                f"{self._who} has no {name} among its `special` tokens: set mix.add_{name} to false, or add it there"
            )
        return self._special[name]

    def encode(self, text: str) -> np.ndarray:
        """The ids of a text."""
        made = self._called(lambda: np.asarray(self._own.encode(text)))
        if made.ndim != 1 or (made.dtype.kind not in "iu" and len(made)):
            raise PluginError(
                f"{self._who} encodes a text as an array of {made.ndim} dimensions of type {made.dtype}: expected a "
                "list of integers"
            )
        if len(made) and not 0 <= int(made.min()) <= int(made.max()) < self.size:
            wrong = int(made.min()) if made.min() < 0 else int(made.max())
            raise PluginError(
                f"{self._who} gives the id {wrong}, but its `size` is {self.size}: ids are from 0 to below it"
            )
        return made.astype(np.int64)

    def decode(self, ids: list[int]) -> str:
        """The text of some ids."""
        made: object = self._called(lambda: self._own.decode(ids))
        if not isinstance(made, str):
            raise PluginError(f"{self._who} decodes ids to a {type(made).__name__}: expected str")
        return made

    def fast(self) -> FastEncoder:
        """None: the plugin's own code does all the work."""
        raise NoFastEncoderError("a plugin's tokenizer works by its own code")

    def _opened(self, kind: TokenizerInUse, model: bytes) -> OwnTokenizer:
        try:
            own: OwnTokenizer = self._called(lambda: kind.open(model))
        except PluginError as error:
            if type(error.__cause__) is ValueError:
                raise error.__cause__ from None
            raise
        return own

    def _size(self) -> int:
        size: object = self._called(lambda: self._own.size)
        if isinstance(size, bool) or not isinstance(size, int) or not 0 < size < MOST_TOKENS:
            raise PluginError(f"{self._who} has the `size` {size!r}: expected a whole number of tokens")
        return size

    def _specials(self) -> dict[str, int]:
        found: dict[str, int] = self._called(lambda: dict(self._own.special))
        for name, number in found.items():
            if name not in SPECIAL:
                raise PluginError(
                    f"{self._who} has the special token {name!r}: expected {', '.join(SPECIAL)}"
                )
            if not isinstance(number, int) or not 0 <= number < self.size:
                raise PluginError(
                    f"{self._who} has the id {number!r} for {name}: expected one from 0 to below its `size`, "
                    f"{self.size}"
                )
        return found
