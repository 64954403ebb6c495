"""The settings of mix."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from massivetext.pipeline.config.section import Count, Section
from massivetext.pipeline.shards import FORMATS


class Mix(Section):
    """How much of each source, in which form."""

    tokens: Annotated[float, Field(gt=0)] | Literal["all"] | None = None
    """Tokens of the mix, or `all`: everything that is kept, once."""
    parameters: Annotated[float, Field(gt=0)] | None = None
    """Parameters of the model, in place of `tokens`: the mix gets 20 tokens for each."""
    sequence_length: Annotated[int, Field(ge=8, le=1 << 20)] = 2048
    """Tokens in a sequence."""
    max_epochs: Annotated[float, Field(gt=0)] = 4
    """The most often that a source may be repeated. A weight that needs more is an error."""
    add_bos: bool = False
    """Whether each document begins with the tokenizer's BOS."""
    add_eos: bool = True
    """Whether each document ends with the tokenizer's EOS."""
    validation: Annotated[float, Field(ge=0, lt=1)] = 0
    """The share of each source's documents that goes to shards/validation instead of training."""
    packing: Literal["best_fit", "concatenate"] = "best_fit"
    """How the remainders of documents fill sequences."""
    formats: Annotated[list[str], Field(min_length=1)] = ["megatron", "parquet"]
    """The formats in which shards are written."""
    shard_tokens: Count = 1 << 25
    """Tokens in a shard."""

    @field_validator("formats")
    @classmethod
    def _known(cls, formats: list[str]) -> list[str]:
        for name in formats:
            if name not in FORMATS:
                raise ValueError(f"no shards are written as `{name}`; there are {', '.join(FORMATS)}")
        return formats

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.tokens is not None and self.parameters is not None:
            raise ValueError("give either `tokens` or `parameters`, not both")
        return self

    @model_validator(mode="before")
    @classmethod
    def _asked(cls, values: object) -> object:
        """A mix says how many tokens it has. A configuration without a mix asks for none."""
        if isinstance(values, dict) and values and not {"tokens", "parameters"} & set(values):
            raise ValueError(
                "give either `tokens` or `parameters` (without a mix, leave out the whole section)"
            )
        return values

    @property
    def is_asked(self) -> bool:
        """Whether shards are written at all."""
        return self.tokens is not None or self.parameters is not None

    @property
    def is_all(self) -> bool:
        """Whether everything that is kept is taken once."""
        return self.tokens == "all"

    @property
    def target(self) -> int:
        """Tokens asked for, 20 a parameter (Chinchilla, arXiv 2203.15556, Table 3); 0 where no number is."""
        if isinstance(self.tokens, float):
            return round(self.tokens)
        return round(20 * (self.parameters or 0))
