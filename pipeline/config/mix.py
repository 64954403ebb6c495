"""The settings of mix."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from massivetext.pipeline.config.phase import Phase, ordered
from massivetext.pipeline.config.section import Count, Section
from massivetext.pipeline.shards import FORMATS


class Mix(Section):
    """The amount of each source in the shards, and the form of the shards."""

    tokens: Annotated[float, Field(gt=0)] | Literal["all"] | None = None
    """The number of tokens of the mix, or `all`: every kept document once."""
    parameters: Annotated[float, Field(gt=0)] | None = None
    """The number of parameters of the model, in place of `tokens`: the mix has 20 tokens for each."""
    phases: list[Phase] = []
    """Phases with weights of their own, one after the other. The shards of each phase follow those of the phase before,
    and shards/phases.json says which they are. Default: one phase, with the sources' weights."""
    sequence_length: Annotated[int, Field(ge=8, le=1 << 20)] = 2048
    """The number of tokens in a sequence."""
    max_epochs: Annotated[float, Field(gt=0)] = 4
    """The most epochs of a source. A weight that needs more is an error."""
    add_bos: bool = False
    """Whether each document begins with the tokenizer's BOS token."""
    add_eos: bool = True
    """Whether each document ends with the tokenizer's EOS token."""
    validation: Annotated[float, Field(ge=0, lt=1)] = 0
    """The share of each source's documents that goes into shards/validation instead of the training shards."""
    packing: Literal["best_fit", "concatenate"] = "best_fit"
    """How the remainders of documents, shorter than a sequence, fill sequences."""
    formats: Annotated[list[str], Field(min_length=1)] = ["megatron", "parquet"]
    """The formats of the shards; each shard is written in all of them."""
    shard_tokens: Count = 1 << 25
    """The number of tokens in a shard."""

    @field_validator("formats")
    @classmethod
    def _known(cls, formats: list[str]) -> list[str]:
        for name in formats:
            if name not in FORMATS:
                raise ValueError(f"there is no shard format `{name}`: expected some of {', '.join(FORMATS)}")
        return formats

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.tokens is not None and self.parameters is not None:
            raise ValueError("give either `tokens` or `parameters`, not both")
        if self.phases and not self.target:
            raise ValueError(
                "phases: phases end at a number of tokens, so the mix needs `tokens` or `parameters`"
            )
        ordered(self.phases, self.target)
        return self

    @model_validator(mode="before")
    @classmethod
    def _asked(cls, values: object) -> object:
        """Refuse a section `mix` without a number of tokens. A configuration may have no such section at all."""
        if isinstance(values, dict) and values and not {"tokens", "parameters"} & set(values):
            raise ValueError(
                "give either `tokens` or `parameters` (for a run without a mix, leave out the whole section)"
            )
        return values

    @property
    def is_asked(self) -> bool:
        """Whether the run writes shards."""
        return self.tokens is not None or self.parameters is not None

    @property
    def is_all(self) -> bool:
        """Whether the mix holds every kept document once."""
        return self.tokens == "all"

    @property
    def target(self) -> int:
        """The number of tokens asked for: 20 a parameter (Chinchilla, arXiv 2203.15556, Table 3); 0 for `all`."""
        if isinstance(self.tokens, float):
            return round(self.tokens)
        return round(20 * (self.parameters or 0))
