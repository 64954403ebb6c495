"""Decides which stages a run has. A run without a mix stops at the kept documents, or at their tokens."""

from collections.abc import Iterable

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.stages import names


def wanted(config: Config) -> tuple[str, ...]:
    """Returns the names of the stages that the configuration asks for, in order."""
    return tuple(name for name in names.NAMES if name not in _unwanted(config))


def _unwanted(config: Config) -> Iterable[str]:
    if not config.mix.is_asked:
        yield names.MIX
    if not config.is_tokenized:
        yield from (names.TOKENIZER, names.TOKENIZE)


def check(config: Config, stage: str | None) -> None:
    """Raises ConfigError if `stage` is not among the stages that the configuration asks for."""
    if stage is not None and stage not in wanted(config):
        missing = "`mix`" if stage == names.MIX else "`mix`, and no `tokenizer` with `train` or `model`"
        raise ConfigError(f"{stage}: does not run, since the configuration has no {missing}")
