"""Strata: the parts of sources with their own weights, and how many tokens the mix asks of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.stages.mix.target import affordable


@dataclass(frozen=True)
class Stratum:
    """A source, or an entry of its `split`."""

    source: str
    name: str = ""  # "" for a source that is not split
    number: int = 0  # its number among the strata of its source

    @property
    def label(self) -> str:
        """The stratum's name in messages."""
        return f"{self.source} ({self.name})" if self.name else self.source


def strata(config: Config) -> dict[Stratum, float]:
    """Returns every stratum with its share of the mix, in the order of the configuration."""
    return _shared(config, config.weights)


def _shared(config: Config, weights: Mapping[str, float]) -> dict[Stratum, float]:
    """Returns every stratum with its share of the mix, given the shares of the sources."""
    found: dict[Stratum, float] = {}
    for name, source in config.sources.items():
        if source.split is None:
            found[Stratum(name)] = weights[name]
        else:
            for number, (entry, share) in enumerate(source.split.shares.items()):
                found[Stratum(name, entry, number)] = weights[name] * share
    return found


def by_phase(config: Config, available: Mapping[Stratum, int]) -> list[dict[Stratum, int]]:
    """Returns the tokens that the weights of each phase ask of each stratum, whether it has them or not."""
    if config.mix.is_all:
        return [{one: available[one] if weight else 0 for one, weight in strata(config).items()}]
    return [
        {one: round(weight * phase.tokens) for one, weight in _shared(config, phase.weights).items()}
        for phase in config.phases
    ]


def wanted(config: Config, available: Mapping[Stratum, int]) -> dict[Stratum, int]:
    """Returns the tokens that the weights ask of each stratum in all phases, whether it has them or not."""
    phases = by_phase(config, available)
    return {one: sum(phase[one] for phase in phases) for one in phases[0]}


def asked(config: Config, available: Mapping[Stratum, int]) -> list[dict[Stratum, int]]:
    """Returns the tokens that each stratum gives in each phase. Raises StageError if a stratum has no tokens, or would
    be repeated too often.
    """
    if not config.mix.is_all:
        affordable(
            {one.label: tokens for one, tokens in wanted(config, available).items()},
            {one.label: weight for one, weight in strata(config).items()},
            {one.label: available[one] for one in strata(config)},
            config.tokens,
            config.mix.max_epochs,
        )
    return by_phase(config, available)


def weights(config: Config, available: Mapping[str, int]) -> dict[str, float]:
    """Returns each source's share of the mix: its weight, or with `tokens: all` its share of all tokens."""
    given = config.weights
    if not config.mix.is_all:
        return given
    total = target(config, available)
    return {name: available[name] / total if weight and total else 0.0 for name, weight in given.items()}


def target(config: Config, available: Mapping[str, int]) -> int:
    """Returns the number of tokens of the mix. `available` has those of each source."""
    if not config.mix.is_all:
        return config.tokens
    return sum(available[name] for name, source in config.sources.items() if source.weight)
