"""The settings of tokenizer."""

from importlib.util import find_spec
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from massivetext.pipeline.config.section import Count, Fraction, Name, Section
from massivetext.pipeline.plugins.tokenizers import TOKENIZERS


class Train(Section):
    """The training of a tokenizer."""

    kind: Literal["sentencepiece", "byte_level"] = "sentencepiece"
    """`sentencepiece` pairs characters (SentencePiece's BPE); `byte_level` pairs bytes, like GPT-4 and Llama 3."""
    vocabulary: Annotated[int, Field(ge=512, le=1 << 20)] = 32_000
    """The number of tokens in the vocabulary."""
    split: Literal["gpt4", "gpt4o", "llama3", "qwen3"] | None = None
    """For `byte_level`: the model whose expression splits the text before bytes are paired. Default: `gpt4o`."""
    digits: Literal[1, 3] | None = None
    """For `byte_level`: the most digits in a token. Default: as in the model that `split` names."""
    sample_bytes: Count = 64 << 20
    """The bytes of text to train on, from all sources by the weights below."""
    weights: dict[str, Annotated[float, Field(ge=0)]] | None = None
    """The weight of each source in that text. Default: the same for all. They are not the weights of the mix, so that a
    change of those needs no other tokenizer."""

    @model_validator(mode="after")
    def _library(self) -> Self:
        if self.kind == "byte_level" and find_spec("tokenizers") is None:
            raise ValueError(
                "`byte_level` needs tokenizers: pip install '.[huggingface]' in a clone of massivetext"
            )
        if self.kind == "sentencepiece" and (self.split or self.digits):
            raise ValueError(
                "`split` and `digits` need `kind: byte_level`: SentencePiece splits by its own rules"
            )
        return self


class FillInTheMiddle(Section):
    """Fill-in-the-middle: the middle of a document is moved to its end, so that a model learns to fill it in."""

    sources: list[Name] | None = None
    """The sources whose documents are rearranged. Default: those of kind code."""
    rate: Fraction = 0.5
    """The share of these sources' documents that is rearranged."""
    suffix_first: Fraction = 0.5
    """The share of the rearranged documents with the suffix before the prefix (SPM). In the others it follows (PSM)."""
    prefix: str = "<|fim_prefix|>"
    """The token before the prefix. All three tokens must be special tokens of the tokenizer.json."""
    suffix: str = "<|fim_suffix|>"
    """The token before the suffix."""
    middle: str = "<|fim_middle|>"
    """The token before the middle."""


class Tokenizer(Section):
    """The tokenizer: trained by this run, or loaded from a SentencePiece model or Hugging Face's tokenizer.json."""

    train: Train | None = None
    """How to train a tokenizer on the kept documents. This is the default."""
    model: str | None = None
    """The path of a SentencePiece model, or of Hugging Face's tokenizer.json."""
    kind: str | None = None
    """The kind of `model`, if a plugin brings it. Default: by the ending of the file's name."""
    bos: str | None = None
    """For a tokenizer.json: the token that begins a document."""
    eos: str | None = None
    """For a tokenizer.json: the token that ends a document."""
    pad: str | None = None
    """For a tokenizer.json: the token that fills sequences. Default: `eos`."""

    compare: list[str] | None = None
    """The paths of other tokenizers. The report compares them with the run's own on a sample of the kept documents.
    Default: no comparison; with an empty list it shows the run's own tokenizer alone."""
    fill_in_the_middle: FillInTheMiddle | None = None
    """For a tokenizer.json: how documents are rearranged for fill-in-the-middle. Default: not at all."""

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
            raise ValueError("`kind` is the kind of `model`: give `model`, too")
        if self.kind is not None and self.kind not in TOKENIZERS:
            there = ", ".join(TOKENIZERS) or "none"
            raise ValueError(f"no plugin brings the tokenizer kind `{self.kind}`: expected one of {there}")
        return self

    @model_validator(mode="after")
    def _json(self) -> Self:
        if self.is_json and find_spec("tokenizers") is None:
            raise ValueError(
                "a tokenizer.json needs tokenizers: pip install '.[huggingface]' in a clone of massivetext"
            )
        if not self.is_json and (self.bos or self.eos or self.pad):
            raise ValueError(
                "`bos`, `eos` and `pad` are for a tokenizer.json: a SentencePiece model names its own"
            )
        if self.model is None and (self.bos or self.eos or self.pad):
            raise ValueError(
                "`bos`, `eos` and `pad` need `model`: a tokenizer that is trained here names its own"
            )
        return self

    @property
    def is_json(self) -> bool:
        """Whether the tokenizer is a tokenizer.json: `model` ends with .json, or a `byte_level` one is trained."""
        if self.kind is not None:
            return False
        if self.model is not None:
            return self.model.endswith(".json")
        return self.train is not None and self.train.kind == "byte_level"

    @property
    def training(self) -> Train | None:
        """Returns how to train the tokenizer; None if it is loaded."""
        return None if self.model else self.train or Train()
