"""The settings of deduplicate."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from massivetext.filters.similarity.shingle import Shingle, Unit
from massivetext.pipeline.config.section import Count, Fraction, Name, Section


class CharacterShingle(Section):
    """Shingles of characters: they find pages with scattered small edits, in any script."""

    characters: Count
    """The number of characters in a shingle of lower-cased text in which each run of white space counts once. 5 is
    usual."""


class Deduplicate(Section):
    """Deduplication by URL, exact and near. Default sources: all but code and wikipedia."""

    sources: list[Name] | None = None
    """The sources that are deduplicated, as one collection. Default: all but those of kind code and wikipedia."""
    url: Literal["newest_capture"] | None = None
    """`newest_capture` keeps, of the documents of a source with the same canonical URL, the newest."""
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.8
    """Two documents are near duplicates if the Jaccard similarity of their shingles is higher."""
    shingle: Count | CharacterShingle = 13
    """The number of words in a shingle. `{characters: 5}` makes shingles of five characters instead."""
    permutations: Annotated[int, Field(ge=16, le=1024)] = 128
    """The number of hashes in a MinHash signature."""
    recall: Annotated[float, Field(ge=0.5, lt=1)] = 0.99
    """The expected share of pairs at the threshold that agree in a band and are therefore verified."""
    survivors_only: list[Name] = []
    """Sources that lose no documents. Documents of other sources may be removed as duplicates of theirs."""
    against: list[str] = []
    """Output folders of earlier runs. Their documents come first and stay."""
    most_removed: Fraction = 0.6
    """The run warns if a source loses a larger share to near duplicates; with `--strict` it exits with status 1."""

    @property
    def shingles(self) -> Shingle:
        """Returns `shingle` as a length and a unit."""
        if isinstance(self.shingle, CharacterShingle):
            return Shingle(self.shingle.characters, Unit.CHARACTERS)
        return Shingle(self.shingle)

    @model_validator(mode="after")
    def _either(self) -> Self:
        for name in self.survivors_only:
            if name in (self.sources or []):
                raise ValueError(f"`{name}` cannot be both in `sources` and in `survivors_only`")
        return self
