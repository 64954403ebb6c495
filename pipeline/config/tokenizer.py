"""The settings of tokenizer."""

from importlib.util import find_spec
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from massivetext.pipeline.config.section import Count, Fraction, Name, Section
from massivetext.pipeline.plugins.tokenizers import TOKENIZERS


class Train(Section):
    """Training of a tokenizer."""

    kind: Literal["sentencepiece", "byte_level"] = "sentencepiece"
    """SentencePiece's byte-pair encoding of characters, or that of bytes, as GPT-4, Llama 3 and Qwen have it."""
    vocabulary: Annotated[int, Field(ge=512, le=1 << 20)] = 32_000
    """Tokens of the vocabulary."""
    split: Literal["gpt4", "gpt4o", "llama3", "qwen3"] | None = None
    """The model by whose expression text is split before bytes are paired, for `byte_level`. Default: `gpt4o`."""
    digits: Literal[1, 3] | None = None
    """The most digits in a token, for `byte_level`. Default: those of the model named by `split`."""
    sample_bytes: Count = 64 << 20
    """Bytes of text to train on, from all sources by their weights."""
    weights: dict[str, Annotated[float, Field(ge=0)]] | None = None
    """Weight of each source in that text. Default: the same for all. They are not those of the mix, so that these may
    change without another tokenizer."""

    @model_validator(mode="after")
    def _library(self) -> Self:
        if self.kind == "byte_level" and find_spec("tokenizers") is None:
            raise ValueError("`byte_level` needs tokenizers: pip install massivetext[huggingface]")
        if self.kind == "sentencepiece" and (self.split or self.digits):
            raise ValueError(
                "`split` and `digits` are for `kind: byte_level`: SentencePiece splits by its own rules"
            )
        return self


class FillInTheMiddle(Section):
    """Documents whose middle is moved to their end, so that a model learns to fill it in."""

    sources: list[Name] | None = None
    """The sources whose documents are rearranged. Default: those of kind code."""
    rate: Fraction = 0.5
    """The share of their documents that is rearranged."""
    suffix_first: Fraction = 0.5
    """The share of these in which the suffix stands before the prefix (SPM); in the others it follows (PSM)."""
    prefix: str = "<|fim_prefix|>"
    """The token before the prefix, as all three a special token of the tokenizer.json."""
    suffix: str = "<|fim_suffix|>"
    """The token before the suffix."""
    middle: str = "<|fim_middle|>"
    """The token before the middle."""


class Tokenizer(Section):
    """A tokenizer: trained here, or loaded: a SentencePiece model, or a tokenizer.json of Hugging Face's."""

    train: Train | None = None
    """How to train a tokenizer on what is kept. This is the default."""
    model: str | None = None
    """A SentencePiece model, or a tokenizer.json of Hugging Face's."""
    kind: str | None = None
    """A kind of tokenizer that a plugin brings, for `model`. Default: told by the file's name."""
    bos: str | None = None
    """The token that begins a document, for a tokenizer.json."""
    eos: str | None = None
    """The token that ends a document, for a tokenizer.json."""
    pad: str | None = None
    """The token that fills sequences, for a tokenizer.json. Default: `eos`."""

    fill_in_the_middle: FillInTheMiddle | None = None
    """How documents are rearranged for fill-in-the-middle, with a tokenizer.json. Default: not at all."""

    @model_validator(mode="after")
    def _fill(self) -> Self:
        if self.fill_in_the_middle and not (self.model and self.is_json):
            raise ValueError(
                "`fill_in_the_middle` needs a tokenizer.json that has its tokens: give it as `model`"
            )
        return self

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.train is not None and self.model is not None:
            raise ValueError("give either `train` or `model`, not both")
        if self.kind is not None and self.model is None:
            raise ValueError("`kind` says what `model` is: give `model`, too")
        if self.kind is not None and self.kind not in TOKENIZERS:
            there = ", ".join(TOKENIZERS) or "none"
            raise ValueError(f"no plugin brings a tokenizer of kind `{self.kind}`; there are {there}")
        return self

    @model_validator(mode="after")
    def _json(self) -> Self:
        if self.is_json and find_spec("tokenizers") is None:
            raise ValueError(
                "a tokenizer.json needs tokenizers: pip install '.[huggingface]' in a clone of massivetext"
            )
        if not self.is_json and (self.bos or self.eos or self.pad):
            raise ValueError(
                "`bos`, `eos` and `pad` are for a tokenizer.json: SentencePiece's models name theirs"
            )
        if self.model is None and (self.bos or self.eos or self.pad):
            raise ValueError(
                "`bos`, `eos` and `pad` are for a model that is loaded: one trained here names its own"
            )
        return self

    @property
    def is_json(self) -> bool:
        """Whether it is a tokenizer.json: by its name, or as one that is trained."""
        if self.kind is not None:
            return False
        if self.model is not None:
            return self.model.endswith(".json")
        return self.train is not None and self.train.kind == "byte_level"

    @property
    def training(self) -> Train | None:
        """How to train, or None where a model is loaded."""
        return None if self.model else self.train or Train()
