"""Which rules judge which source, in the order in which `removed_by` names them."""

from collections.abc import Mapping

from massivetext.filters.judge import (
    FAMILIES,
    BlocklistRule,
    LanguageRule,
    LicenceRule,
    LimitRule,
    RobotsRule,
    Rule,
)
from massivetext.pipeline.config.model import Config

Judges = Mapping[str, tuple[Rule, ...]]
"""The rules that judge each source, in the order of `removed_by`."""


def judges(config: Config) -> Judges:
    """The rules of every source."""
    return {source: rules_of(config, source) for source in config.sources}


def rules_of(config: Config, source: str) -> tuple[Rule, ...]:
    """The rules that judge a source, in the order of `removed_by`."""
    judging: list[Rule] = []
    if config.robots.refuse and source in config.judged("robots"):
        judging.append(RobotsRule(tuple(config.robots.refuse)))
    if config.blocklist.is_given and source in config.judged("blocklist"):
        judging.append(BlocklistRule())
    if source in config.judged("language"):
        judging.append(LanguageRule(tuple(config.language.keep), config.language.minimum_probability))
    for family, defaults in FAMILIES.items():
        if source in config.judged(family):
            limits = getattr(config, family).limits(defaults)
            judging += [LimitRule(column, limit) for column, limit in limits.items()]
    if source in config.judged("licence"):
        judging.append(LicenceRule(tuple(config.licence.keep)))
    return tuple(judging)
