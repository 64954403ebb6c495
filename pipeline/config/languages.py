"""Warns of rules for English that judge other languages."""

from collections.abc import Iterator

from massivetext.filters.language.language import matches
from massivetext.pipeline.config.limits import ProseLimits
from massivetext.pipeline.config.model import Config

_MEND = """Let the run find limits for them (or give them: docs/rules.md, Limits of a language):
    quality:    {languages: {other: auto}}
    repetition: {languages: {other: auto}}"""


def english_alone(config: Config) -> Iterator[str]:
    """Yields a warning if limits for English judge a language that is kept."""
    without = {name: names for name in ("quality", "repetition") if (names := _without(config, name))}
    if not without:
        return
    said = "; ".join(f"{name}: {_listed(names)}" for name, names in without.items())
    stop_words = " `stop_word_count` counts English words, so it removes nearly all documents in them." * (
        "quality" in without
    )
    yield f"limits for English judge languages that are kept ({said}).{stop_words} {_MEND}"


def _without(config: Config, family: str) -> list[str]:
    """Returns the languages that are kept without limits of their own in a family that judges a source."""
    section = config.limit_section(family)
    assert isinstance(section, ProseLimits), "only prose is in a language"
    judged = set(config.judged(family)) & set(config.judged("language"))
    if not judged or "other" in section.languages:
        return []
    own = ("en", *section.languages)
    return [kept for kept in config.language.keep if not any(matches(kept, name) for name in own)]


def _listed(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 8 else f"{', '.join(names[:8])} and {len(names) - 8} more"
