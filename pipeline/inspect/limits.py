"""Writes the limits that a run found for single languages as sections of a configuration."""

import yaml

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime import manifest


def frozen(out: str) -> str:
    """The sections of the families, as YAML. Raises ConfigError if OUT holds no run, or the run found no limits."""
    state = manifest.opened(out)
    if not state.limits:
        raise ConfigError(
            f"{out}: the run found no limits: ask for them by `languages: {{other: auto}}` in quality and repetition"
        )
    sections = {family: {"languages": languages} for family, languages in state.limits.items()}
    text: str = yaml.dump(sections, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)
    return text


class _Dumper(yaml.SafeDumper):
    """Writes each limit of a language on one line."""


def _mapping(dumper: yaml.SafeDumper, values: dict[str, object]) -> yaml.Node:
    is_limit = all(not isinstance(value, dict | list) for value in values.values())
    return dumper.represent_mapping("tag:yaml.org,2002:map", values, flow_style=is_limit)


_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(
    list, lambda dumper, values: dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=True)
)
