"""The settings of tokenizer."""

from importlib.util import find_spec
from typing import Annotated, Self

from pydantic import Field, model_validator

from massivetext.pipeline.config.section import Count, Section


class Train(Section):
    """Training of a SentencePiece model."""

    vocabulary: Annotated[int, Field(ge=512, le=1 << 20)] = 32_000
    """Pieces of the vocabulary."""
    sample_bytes: Count = 64 << 20
    """Bytes of text to train on, from all sources by their weights."""


class Tokenizer(Section):
    """A tokenizer: trained here, or loaded: a SentencePiece model, or a tokenizer.json of Hugging Face's."""

    train: Train | None = None
    """How to train a tokenizer on what is kept. This is the default."""
    model: str | None = None
    """A SentencePiece model, or a tokenizer.json of Hugging Face's."""
    bos: str | None = None
    """The token that begins a document, for a tokenizer.json."""
    eos: str | None = None
    """The token that ends a document, for a tokenizer.json."""
    pad: str | None = None
    """The token that fills sequences, for a tokenizer.json. Default: `eos`."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.train is not None and self.model is not None:
            raise ValueError("give either `train` or `model`, not both")
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
        return self

    @property
    def is_json(self) -> bool:
        """Whether it is a tokenizer.json, by its name."""
        return self.model is not None and self.model.endswith(".json")

    @property
    def training(self) -> Train | None:
        """How to train, or None where a model is loaded."""
        return None if self.model else self.train or Train()
