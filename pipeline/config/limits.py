"""The limits of measurements, in a section for each family of rules."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from massivetext.filters.families.family import Limit
from massivetext.pipeline.config.section import Name, Section


class Bounds(Section):
    """The limit of one measurement. A side that is given replaces that side of the default."""

    minimum: float | None = None
    """A document is removed if its measurement is lower."""
    maximum: float | None = None
    """A document is removed if its measurement is higher."""


class LanguageLimits(Section):
    """The limits of one language, by column. null means no limit; a column that is not named has the family's limit."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Bounds | None] = Field(init=False)

    stop_words: Annotated[list[str], Field(min_length=1)] | None = None
    """The stop words of the language, which `stop_word_count` counts. Default: English ones."""

    @property
    def columns(self) -> dict[str, Bounds | None]:
        """The columns for which limits are given."""
        return self.__pydantic_extra__


class LimitSection(Section):
    """The limits of one family of rules, by column, and the sources that the family judges.

    `filters/families` declares the families, their columns and the kinds of source that each judges by default.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Bounds] = Field(init=False)

    sources: list[Name] | None = None
    """The sources that the family judges. Default: those whose kinds the family names."""

    def limits(self, defaults: Mapping[str, Limit]) -> dict[str, Limit]:
        """Returns the limit of every measurement of the family, by column."""
        return {
            column: _merged(default, self.__pydantic_extra__.get(column, _NONE))
            for column, default in defaults.items()
        }

    @property
    def columns(self) -> list[str]:
        """The columns for which limits are given."""
        return list(self.__pydantic_extra__)


class ProseLimits(LimitSection):
    """The limits of a family that judges prose. A language may have its own."""

    languages: dict[str, Literal["auto"] | LanguageLimits] = {}
    """Limits by language, or `auto`: the run finds them. `other` stands for every language that is kept, except English
    and those named here."""

    @model_validator(mode="after")
    def _other(self) -> Self:
        if self.languages.get("other", "auto") != "auto":
            raise ValueError("languages.other: expected auto; to give limits, name a language")
        return self

    @property
    def stop_words(self) -> dict[str, tuple[str, ...]]:
        """The stop words that are given, by language."""
        given = {name: own.stop_words for name, own in self.languages.items() if own != "auto"}
        return {name: tuple(words) for name, words in given.items() if words}

    def language_limits(self, defaults: Mapping[str, Limit]) -> dict[str, dict[str, Limit]]:
        """Returns the limits of single languages, by column and language."""
        base = self.limits(defaults)
        found: dict[str, dict[str, Limit]] = {column: {} for column in defaults}
        for language, own in self.languages.items():
            if own != "auto":
                for column, bounds in own.columns.items():
                    found[column][language] = Limit() if bounds is None else _merged(base[column], bounds)
        return found


class Repetition(ProseLimits):
    """The limits on repetition, and how copies of lines and paragraphs are counted."""

    duplicates: Literal["after_first", "all"] = "after_first"
    """Which copies count as duplicate lines and paragraphs: those after the first, or all."""


_NONE = Bounds()


def _merged(default: Limit, bounds: Bounds) -> Limit:
    return Limit(
        default.minimum if bounds.minimum is None else bounds.minimum,
        default.maximum if bounds.maximum is None else bounds.maximum,
    )
