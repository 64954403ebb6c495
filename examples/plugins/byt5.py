"""The tokenizer of ByT5 (arXiv 2105.13626): a token a byte, behind some special tokens.

`tokenizer: {model: special.txt, kind: byt5}`: the file names the special tokens, one a line: `<pad>`, `</s>`, `<unk>`.
"""

import numpy as np

from massivetext.plugins import TokenizerKind

NAMES = {"<pad>": "pad", "<s>": "bos", "</s>": "eos", "<unk>": "unknown"}


class Bytes:
    """Ids of special tokens by their lines, then an id for each byte."""

    def __init__(self, model: bytes) -> None:
        tokens = model.decode().split()
        if "</s>" not in tokens:
            raise ValueError("expected the special tokens, one a line, with </s> among them")
        self.first = len(tokens)
        self.size = self.first + 256
        self.special = {NAMES[token]: place for place, token in enumerate(tokens) if token in NAMES}

    def encode(self, text: str) -> np.ndarray:
        return np.frombuffer(text.encode(), np.uint8) + np.int64(self.first)

    def decode(self, ids: list[int]) -> str:
        return bytes(one - self.first for one in ids if one >= self.first).decode(errors="replace")


BYT5 = TokenizerKind("byt5", Bytes)
