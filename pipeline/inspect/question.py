"""The question of `inspect`: which documents to show. A document must meet all conditions that are given."""

from dataclasses import dataclass

from massivetext.filters.families.family import LimitRule
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.rules import Judges
from massivetext.schemas.duplicate import DUPLICATE_KINDS

LATER = (*DUPLICATE_KINDS, "contaminated")
"""The reasons of later stages. Such documents pass all rules; a table of the later stage names them."""


@dataclass(frozen=True)
class Asked:
    """Which documents to show. Their order is random, by a seeded hash, unless `near_limit` gives one."""

    kept: bool = False  # only those that stay
    removed_by: str | None = None  # a rule, or one of LATER
    near_limit: str | None = None  # a rule with a limit: documents on either side of it, the nearest first
    source: str | None = None
    language: str | None = None
    url: str | None = None  # a part of the document's URL
    id: str | None = None
    text: str | None = None  # a part of the text, in any case of letters
    count: int = 10

    def check(self, config: Config, judging: Judges) -> None:
        """Raises ConfigError for a source or rule that the run does not have."""
        if self.source is not None and self.source not in config.sources:
            raise ConfigError(f"no source is named `{self.source}`; there are {', '.join(config.sources)}")
        if self.kept and self.removed_by is not None:
            raise ConfigError("--kept and --removed-by exclude each other")
        rules = {rule.name: rule for judges in judging.values() for rule in judges}
        if self.removed_by is not None and self.removed_by not in (*rules, *LATER):
            raise ConfigError(
                f"no rule is named `{self.removed_by}`; there are {', '.join([*rules, *LATER])}"
            )
        limits = [name for name, rule in rules.items() if isinstance(rule, LimitRule)]
        if self.near_limit is not None and self.near_limit not in limits:
            raise ConfigError(
                f"no rule `{self.near_limit}` has a limit; there are {', '.join(limits) or 'none'}"
            )

    def sources(self, config: Config, judging: Judges) -> list[str]:
        """The sources that may hold the documents asked for."""
        named = [self.source] if self.source else list(config.sources)
        if self.near_limit is None:
            return named
        return [source for source in named if self.near_limit in {rule.name for rule in judging[source]}]
