"""Strata: the parts of sources that have a weight of their own, and how many tokens the mix asks of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.stages.mix.target import targets


@dataclass(frozen=True)
class Stratum:
    """A source, or an entry of its `split`."""

    source: str
    name: str = ""  # "" for a source that is not split
    number: int = 0  # among those of its source

    @property
    def label(self) -> str:
        """For people."""
        return f"{self.source} ({self.name})" if self.name else self.source


def strata(config: Config) -> dict[Stratum, float]:
    """Every stratum with its share of the mix, in the order of the configuration."""
    found: dict[Stratum, float] = {}
    for name, source in config.sources.items():
        if source.split is None:
            found[Stratum(name)] = source.weight
        else:
            for number, (entry, share) in enumerate(source.split.shares.items()):
                found[Stratum(name, entry, number)] = source.weight * share
    return found


def wanted(config: Config, available: Mapping[Stratum, int]) -> dict[Stratum, int]:
    """The tokens that the weights ask of each stratum, whether it has them or not."""
    if config.mix.is_all:
        return {one: available[one] if weight else 0 for one, weight in strata(config).items()}
    return {one: round(weight * config.tokens) for one, weight in strata(config).items()}


def asked(config: Config, available: Mapping[Stratum, int]) -> dict[Stratum, int]:
    """The tokens that each stratum is to give. Raises StageError where one cannot, or would be repeated too often."""
    if config.mix.is_all:
        return wanted(config, available)
    weights = strata(config)
    labels = {one.label: one for one in weights}
    found = targets(
        {one.label: weight for one, weight in weights.items()},
        {one.label: available[one] for one in weights},
        config.tokens,
        config.mix.max_epochs,
    )
    return {labels[label]: tokens for label, tokens in found.items()}


def weights(config: Config, available: Mapping[str, int]) -> dict[str, float]:
    """Each source's share of the mix: its weight, or, where everything is taken once, its share of what there is."""
    given = {name: source.weight for name, source in config.sources.items()}
    if not config.mix.is_all:
        return given
    total = target(config, available)
    return {name: available[name] / total if weight and total else 0.0 for name, weight in given.items()}


def target(config: Config, available: Mapping[str, int]) -> int:
    """The tokens of the mix; `available` are those of each source."""
    if not config.mix.is_all:
        return config.tokens
    return sum(available[name] for name, source in config.sources.items() if source.weight)
