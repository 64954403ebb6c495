"""The limits of measurements, by family of rules."""

from collections.abc import Mapping
from typing import Literal

from pydantic import ConfigDict, Field

from massivetext.filters.families.family import Limit
from massivetext.pipeline.config.section import Name, Section


class Bounds(Section):
    """The limit of one measurement. A side that is given replaces the default's."""

    minimum: float | None = None
    """A document goes when its measurement is lower."""
    maximum: float | None = None
    """A document goes when its measurement is higher."""


class LimitSection(Section):
    """The limits of one family of rules, by column, and the sources that the family judges.

    `filters/families` declares the families, their columns and the kinds of source that each judges by default.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Bounds] = Field(init=False)

    sources: list[Name] | None = None
    """The sources that the family judges. Default: those of the kinds that the family names."""

    def limits(self, defaults: Mapping[str, Limit]) -> dict[str, Limit]:
        """The limit of every measurement of the family, by column."""
        merged = {}
        for column, default in defaults.items():
            bounds = self.__pydantic_extra__.get(column, _NONE)
            merged[column] = Limit(
                default.minimum if bounds.minimum is None else bounds.minimum,
                default.maximum if bounds.maximum is None else bounds.maximum,
            )
        return merged

    @property
    def columns(self) -> list[str]:
        """The columns for which limits are given."""
        return list(self.__pydantic_extra__)


class Repetition(LimitSection):
    """The limits on repetition, and how copies of lines and paragraphs are counted."""

    duplicates: Literal["after_first", "all"] = "after_first"
    """Whether only the copies after the first count as duplicate lines and paragraphs, or all of them."""


_NONE = Bounds()
