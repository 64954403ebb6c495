"""The settings of deduplicate."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from massivetext.pipeline.config.section import Count, Fraction, Name, Section


class Deduplicate(Section):
    """Deduplication by URL, exact and near. Default sources: all but code and wikipedia."""

    sources: list[Name] | None = None
    url: Literal["newest_capture"] | None = None  # which document of one URL stays; None: any
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.8
    shingle: Count = 13  # words
    permutations: Annotated[int, Field(ge=16, le=1024)] = 128
    recall: Annotated[float, Field(ge=0.5, lt=1)] = 0.99  # of pairs at the threshold, as candidates
    survivors_only: list[
        Name
    ] = []  # sources that lose no document, but whose documents others are duplicates of
    against: list[str] = []  # outputs of earlier runs, whose documents come first and stay
    most_removed: Fraction = 0.6  # of a source by near duplicates: more is a warning, see `--strict`

    @model_validator(mode="after")
    def _either(self) -> Self:
        for name in self.survivors_only:
            if name in (self.sources or []):
                raise ValueError(f"`{name}` cannot be both in `sources` and in `survivors_only`")
        return self
