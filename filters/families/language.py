"""The rule on languages, which fastText identifies."""

from dataclasses import dataclass

import pyarrow as pa

from massivetext.filters.families.family import Family, Mask
from massivetext.filters.language.language import Kept, keeps

FAMILY = Family(
    name="language",
    place=30,
    meaning="not surely in a language that is kept",
    judges=frozenset({"web", "books", "text", "news", "wikipedia"}),
)


@dataclass(frozen=True)
class LanguageRule:
    """Removes documents in a language that is not kept, of low probability, or with too much in other languages."""

    kept: Kept
    name: str = "language"
    columns: tuple[str, ...] = ("language", "language_probability", "languages")

    @property
    def description(self) -> str:
        return self.kept.described()

    def broken(self, batch: pa.RecordBatch) -> Mask:
        return ~keeps(batch, self.kept)
