"""Puts the limits that a run found for languages in the place of `auto` in its configuration."""

from typing import Any

from massivetext.filters.families import FAMILIES
from massivetext.filters.language.language import matches
from massivetext.pipeline.config.limits import LanguageLimits, ProseLimits
from massivetext.pipeline.config.model import Config

Found = dict[str, dict[str, dict[str, Any]]]
"""The limits by family and language, as `languages` of a configuration would hold them."""


def sought(config: Config, family: str) -> list[str]:
    """Returns the languages for which a run finds limits of a family, named as in the configuration."""
    if FAMILIES[family].is_of_columns or not isinstance(section := config.limit_section(family), ProseLimits):
        return []
    languages = section.languages
    named = [language for language, own in languages.items() if own == "auto" and language != "other"]
    if "other" not in languages:
        return named
    kept = [language for language in config.language.keep if not matches("en", language)]
    return list(dict.fromkeys([*kept, *named, *(language for language in languages if language != "other")]))


def is_sought(config: Config) -> bool:
    """Whether a run of this configuration finds any limit."""
    return any(sought(config, name) for name, family in FAMILIES.items() if family.limits)


def resolved(config: Config, found: Found) -> Config:
    """Returns the configuration with the limits that were found. Limits that it gives itself override them."""
    sections = {}
    for family, languages in found.items():
        section = config.limit_section(family)
        assert isinstance(section, ProseLimits), "only prose is in a language"
        merged: dict[str, Any] = {
            language: own for language, own in section.languages.items() if own != "auto"
        }
        for language, values in languages.items():
            given = merged.get(language)
            explicit = given.model_dump(exclude_unset=True) if given else {}
            merged[language] = LanguageLimits.model_validate({**values, **explicit})
        sections[family] = section.model_copy(update={"languages": merged})
    return config.model_copy(update=sections)
