"""Makes the rules that judge each source. `removed_by` names the first of them that a document breaks."""

from collections.abc import Callable, Iterator, Mapping

from massivetext.filters.families import FAMILIES
from massivetext.filters.families.blocklist import BlocklistRule
from massivetext.filters.families.family import Limit, LimitRule, Rule
from massivetext.filters.families.language import LanguageRule
from massivetext.filters.families.licence import LicenceRule
from massivetext.filters.families.robots import RobotsRule
from massivetext.pipeline.config.limits import ProseLimits
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.read.kept_columns import column_name

Judges = Mapping[str, tuple[Rule, ...]]
"""The rules that judge each source, in order."""


def judges(config: Config) -> Judges:
    """Returns the rules of every source."""
    return {source: rules_of(config, source) for source in config.sources}


def rules_of(config: Config, source: str) -> tuple[Rule, ...]:
    """Returns the rules that judge a source, in order."""
    return tuple(_rules(config, source))


def _rules(config: Config, source: str) -> Iterator[Rule]:
    for name, family in FAMILIES.items():
        if family.is_of_columns:
            for column, bounds in config.sources[source].limits.items():
                yield LimitRule(column_name(column), Limit(bounds.minimum, bounds.maximum))
            continue
        if source not in config.judged(name):
            continue
        if family.limits:
            section = config.limit_section(name)
            own = section.language_limits(family.limits) if isinstance(section, ProseLimits) else {}
            for column, limit in section.limits(family.limits).items():
                yield LimitRule(column, limit, own.get(column, {}))
        elif rule := _WITHOUT_LIMITS[name](config):
            yield rule


_WITHOUT_LIMITS: Mapping[str, Callable[[Config], Rule | None]] = {
    "robots": lambda config: (
        RobotsRule(tuple(config.robots.refuse), tuple(config.robots.agents))
        if config.robots.refuse or config.robots.agents
        else None
    ),
    "blocklist": lambda config: BlocklistRule() if config.blocklist.is_given else None,
    "language": lambda config: LanguageRule(config.language.kept),
    "licence": lambda config: LicenceRule(tuple(config.licence.keep)),
}
"""For each family without limits, makes its rule from a configuration; None if the configuration asks for none."""
