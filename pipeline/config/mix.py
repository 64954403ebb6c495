"""The settings of mix."""

from typing import Annotated, Literal, Self, cast

from pydantic import Field, field_validator, model_validator

from massivetext.pipeline.config.section import Count, Section
from massivetext.pipeline.shards import FORMATS


class Mix(Section):
    """How much of each source, in which form."""

    tokens: Annotated[float, Field(gt=0)] | None = None
    parameters: Annotated[float, Field(gt=0)] | None = None  # of the model: 20 tokens each
    sequence_length: Annotated[int, Field(ge=8, le=1 << 20)] = 2048
    max_epochs: Annotated[float, Field(gt=0)] = 4
    add_bos: bool = False  # before each document
    add_eos: bool = True  # after each document
    validation: Annotated[float, Field(ge=0, lt=1)] = 0  # share of documents, each source's alike
    packing: Literal["best_fit", "concatenate"] = "best_fit"
    formats: Annotated[list[str], Field(min_length=1)] = ["megatron", "parquet"]
    shard_tokens: Count = 1 << 25

    @field_validator("formats")
    @classmethod
    def _known(cls, formats: list[str]) -> list[str]:
        for name in formats:
            if name not in FORMATS:
                raise ValueError(f"no shards are written as `{name}`; there are {', '.join(FORMATS)}")
        return formats

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.tokens is None) == (self.parameters is None):
            raise ValueError("give either `tokens` or `parameters`")
        return self

    @property
    def target(self) -> int:
        """Tokens asked for; 20 a parameter (Chinchilla, arXiv 2203.15556, Table 3)."""
        return round(self.tokens if self.tokens is not None else 20 * cast(float, self.parameters))
