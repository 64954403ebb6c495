"""Hugging Face's tokenizers (`tokenizer.json`); needs the extra `huggingface`."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from massivetext.pipeline.tokenizers.kept_plans import kept_plan
from massivetext.pipeline.tokenizers.protocol import FILLING, Boundary, FastEncoder
from massivetext.pipeline.tokenizers.ranked_kernel import RankedKernel
from massivetext.pipeline.tokenizers.ranked_model import plan

_BYTES = "ByteLevel"  # spells each byte of a text as a character, like GPT-2


class HuggingFace:
    """A tokenizer.Tokenizer of a `tokenizer.json`, which does not say what its special tokens are for.

    The ids are the library's own. Settings that make ids depend on more than the text are turned off: truncation,
    padding, dropout, and the tokens around a text. If a text holds the name of a special token, such as `</s>`, it
    does not get that token's id, since text must not end a document (`encode_special_tokens`). Only models that have
    the name as an ordinary piece, as unigram models may, still find it.
    """

    def __init__(self, model: bytes, named: Mapping[str, str | None]) -> None:
        """`named` holds the tokens to use as bos, eos and pad.

        Raises ValueError if `model` is not a tokenizer.json, or has no such token.
        """
        os.environ["TOKENIZERS_PARALLELISM"] = "false"  # a worker is one thread, and may be forked
        from tokenizers import Tokenizer

        self._model = model

        try:
            self._tokenizer: Any = Tokenizer.from_buffer(model)
        except Exception as error:
            raise ValueError(f"not a tokenizer.json: {error}") from error
        described = orjson.loads(model)
        vocabulary: dict[str, int] = self._tokenizer.get_vocab(with_added_tokens=True)
        self._special = [one["content"] for one in described.get("added_tokens", []) if one["special"]]
        self._ids = {use: self._identity(vocabulary, use, token) for use, token in named.items() if token}
        self.size = max(vocabulary.values()) + 1  # not their number: there may be gaps
        self.pad = self._ids.get("pad", self._ids.get("eos", 0))
        self.unknown = vocabulary.get(_unknown(described["model"]) or "", -1)
        self.byte_ids = frozenset(
            vocabulary[token] for token in _byte_tokens(described) if token in vocabulary
        )
        self._settle(named)

    def _identity(self, vocabulary: dict[str, int], use: str, token: str) -> int:
        if token not in vocabulary:
            raise ValueError(f"the tokenizer has no token `{token}` for tokenizer.{use}; {self._choice()}")
        return vocabulary[token]

    def _choice(self) -> str:
        return f"its special tokens are: {' '.join(self._special[:20]) or 'none'}"

    def _settle(self, named: Mapping[str, str | None]) -> None:
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._tokenizer.add_special_tokens([token for token in named.values() if token])
        self._tokenizer.encode_special_tokens = True
        if getattr(self._tokenizer.model, "dropout", None) is not None:
            self._tokenizer.model.dropout = None

    def boundary(self, name: Boundary) -> int:
        """See Tokenizer."""
        if name not in self._ids:
            raise ValueError(
                f"a tokenizer.json does not say which token is {name}: name it as tokenizer.{name}, or set "
                f"mix.add_{name} to false; {self._choice()}"
            )
        return self._ids[name]

    def filling(self) -> list[int]:
        """Returns the ids of the tokens of fill-in-the-middle that the configuration names."""
        return [self._ids[f"fill_in_the_middle.{name}"] for name in FILLING]

    def encode(self, text: str) -> list[int]:
        """See Tokenizer."""
        # `encode_batch_fast` computes no offsets; the library has no such method for a single text.
        [encoding] = self._tokenizer.encode_batch_fast([text], add_special_tokens=False)
        ids: list[int] = encoding.ids
        return ids

    def fast(self) -> FastEncoder:
        """See Tokenizer."""
        import tokenizers

        tokens = self._tokenizer.get_added_tokens_decoder()
        made = kept_plan(
            self._model,
            tokens,
            tokenizers,
            lambda: plan(orjson.loads(self._model), tokens, tokenizers),
        )
        return RankedKernel(made, self._tokenizer)

    def decode(self, ids: list[int]) -> str:
        """See Tokenizer."""
        return str(self._tokenizer.decode(ids, skip_special_tokens=False))


def _unknown(model: dict[str, Any]) -> str | None:
    """Returns the token that the model uses for text that it cannot spell."""
    if "unk_id" in model:  # of a unigram model
        return None if model["unk_id"] is None else str(model["vocab"][model["unk_id"]][0])
    token: str | None = model.get("unk_token")
    return token


def _byte_tokens(described: dict[str, Any]) -> Iterator[str]:
    if described["model"].get("byte_fallback"):
        yield from (f"<0x{byte:02X}>" for byte in range(256))
    steps = (described.get(name) for name in ("normalizer", "pre_tokenizer", "decoder"))
    if any(_BYTES in _types(step) for step in steps):
        from tokenizers import decoders, pre_tokenizers

        spelt, alone = (
            decoders.ByteLevel(),
            "\ufffd",
        )  # a byte above ASCII without its neighbours decodes to this
        yield from (token for token in pre_tokenizers.ByteLevel.alphabet() if spelt.decode([token]) == alone)


def _types(step: Any) -> Iterator[str]:
    """Returns the type of a step of the pipeline from text to tokens, and the types of the steps in it."""
    if isinstance(step, dict):
        yield str(step.get("type"))
        step = list(step.values())
    if isinstance(step, list):
        for inner in step:
            yield from _types(inner)
