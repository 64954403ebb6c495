"""The languages that are kept, by fastText's identification."""

from dataclasses import dataclass

import pyarrow as pa

from massivetext.filters.families.family import Family, Mask, mask
from massivetext.filters.language.language import keeps

FAMILY = Family(
    name="language",
    place=30,
    meaning="not surely in a language that is kept",
    judges=frozenset({"web", "books", "text", "news", "wikipedia"}),
)


@dataclass(frozen=True)
class LanguageRule:
    """Another language than those kept, or too little probability."""

    keep: tuple[str, ...]
    minimum_probability: float
    name: str = "language"
    columns: tuple[str, ...] = ("language", "language_probability")

    @property
    def description(self) -> str:
        return f"not {', '.join(self.keep)} with probability {self.minimum_probability:g} or more"

    def broken(self, batch: pa.RecordBatch) -> Mask:
        kept = keeps(
            batch.column("language"),
            batch.column("language_probability"),
            list(self.keep),
            self.minimum_probability,
        )
        return ~mask(kept)
