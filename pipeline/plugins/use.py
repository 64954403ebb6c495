"""Puts plugins into use in this process: adds their contents to the lists of this package.

A process works with one configuration at a time. A run takes its plugins from the configuration, a worker from its
work, and a command on an output from the output's manifest.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from massivetext.filters.discover import Registry
from massivetext.filters.families import FAMILIES, documents
from massivetext.pipeline.plugins.contents import Contents, contents
from massivetext.pipeline.plugins.guard import PluginError
from massivetext.pipeline.plugins.plugin import Plugin
from massivetext.pipeline.plugins.tokenizers import TOKENIZERS
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.read.settings import LIMITS
from massivetext.pipeline.shards import FORMATS


@dataclass(frozen=True)
class Plugins:
    """Some plugins, and the seconds that each call of their functions may take."""

    all: tuple[Plugin, ...] = ()
    seconds: float = LIMITS.plugin_seconds


NONE = Plugins()
_LOCK = threading.RLock()

_in_use = NONE
_brought: dict[Plugin, Contents] = {}


def in_use() -> Plugins:
    """Returns the plugins that this process uses."""
    return _in_use


def use(plugins: Plugins) -> None:
    """Use these plugins and no others. Raises PluginError, which names the plugin, if one cannot be used."""
    with _LOCK:  # a worker has several threads
        _use(plugins)


def _use(plugins: Plugins) -> None:
    global _in_use, _brought
    if plugins == _in_use:
        return
    brought: dict[Plugin, Contents] = {}
    try:
        for plugin in plugins.all:
            brought[plugin] = contents(plugin, plugins.seconds)
            _register(brought.values())
            try:
                documents()
            except ValueError as error:
                raise PluginError(f"{plugin.name}: {error}") from error
    except PluginError:
        _register(_brought.values())
        raise
    _register(brought.values())
    _in_use, _brought = plugins, brought


def use_too(plugins: Sequence[Plugin]) -> None:
    """Use these plugins in addition to those that are in use."""
    new = [plugin for plugin in plugins if plugin not in _in_use.all]
    if new:
        use(Plugins((*_in_use.all, *new), _in_use.seconds))


def _register(brought: Iterable[Contents]) -> None:
    every = list(brought)
    lists: list[tuple[Registry[object], str]] = [  # type: ignore[type-var]
        (FAMILIES, "families"),  # type: ignore[list-item]
        (KINDS, "kinds"),  # type: ignore[list-item]
        (FORMATS, "formats"),  # type: ignore[list-item]
        (TOKENIZERS, "tokenizers"),  # type: ignore[list-item]
    ]
    for registry, name in lists:
        try:
            registry.use(entry for one in every for entry in getattr(one, name))
        except ValueError as error:
            raise PluginError(f"plugins: {name}: {error}") from error


def code_of(what: str, names: Iterable[str]) -> tuple[str, ...]:
    """Returns those of these names of `what` (families, kinds, formats or tokenizers) that plugins bring, each with the
    fingerprint of its plugin."""
    wanted = set(names)
    return tuple(
        f"{entry.name} {plugin.fingerprint}"
        for plugin, one in _brought.items()
        for entry in getattr(one, what)
        if entry.name in wanted
    )
