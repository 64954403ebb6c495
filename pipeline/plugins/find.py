"""Finds the plugins of a configuration: files that it names, and installed packages that bring a name in it."""

import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from massivetext.filters.families import FAMILIES
from massivetext.pipeline.plugins.guard import PluginError
from massivetext.pipeline.plugins.plugin import Installed, Plugin, PluginFile
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.storage import files

FOLDER = "plugins"
"""The folder of an output that holds copies of its plugins' files."""

GROUPS = ("readers", "measurements", "rules", "formats", "tokenizers")
"""The groups of entry points of installed packages, after `massivetext.`."""


def find(values: Mapping[str, Any], resolve: Callable[[str], str]) -> tuple[Plugin, ...]:
    """Returns the plugins of a configuration's values. Raises PluginError if a file cannot be read."""
    named = values.get("plugins") or []
    paths = [path for path in named if isinstance(path, str)] if isinstance(named, list) else []
    return (*(opened(resolve(path)) for path in paths), *_installed(values))


def opened(path: str) -> PluginFile:
    """Read the plugin in a file. Raises PluginError if it cannot be read."""
    try:
        return PluginFile(path, files.read_bytes(path).decode())
    except (OSError, UnicodeDecodeError) as error:
        raise PluginError(f"plugins: {path}: cannot be read: {error}") from error


def place_of(plugin: Plugin) -> dict[str, str]:
    """Returns what the manifest of an output keeps of a plugin, to find it again."""
    if isinstance(plugin, PluginFile):
        path = plugin.path if files.is_remote(plugin.path) else os.path.abspath(plugin.path)
        return {"path": path, "fingerprint": plugin.fingerprint}
    return {"group": plugin.group, "stem": plugin.stem, "value": plugin.value}


def found_again(place: Mapping[str, str], named: Iterable[Plugin]) -> Plugin:
    """Returns the plugin that an output was made with: one of those that the user `named`, or an installed one.

    An output may come from anywhere, so a manifest alone must not make this process execute anything: neither the file
    that it names, nor the copy in the output, nor a module that does not declare itself a plugin. Raises PluginError,
    which says which file to name.
    """
    if "path" not in place:
        wanted = (place.get("group", ""), place.get("stem", ""), place.get("value", ""))
        for point in entry_points(group=wanted[0]) if wanted[0].startswith("massivetext.") else ():
            if (point.group, point.name, point.value) == wanted:
                return Installed(*wanted)
        raise PluginError(
            f"the output was made with the plugin {wanted[1]} ({wanted[2]}), which is not installed"
        )
    same = [one for one in named if isinstance(one, PluginFile) and one.stem == Path(place["path"]).stem]
    for plugin in same:
        if plugin.fingerprint == place.get("fingerprint"):
            return plugin
    if same:
        raise PluginError(
            f"the output was made with another version of the plugin {same[0].path}: name that one "
            f"(a copy lies in the output's folder {FOLDER}: read it before you use it)"
        )
    raise PluginError(
        f"the output was made with the plugin {place['path']}, which is code. If you trust it, name it: "
        f"massivetext --plugin {shlex.quote(place['path'])} ... (a copy lies in the output's folder {FOLDER})"
    )


def _installed(values: Mapping[str, Any]) -> Iterator[Installed]:
    """Yields the entry points whose names the configuration uses. Others have no effect."""
    used = {group: set(_names(values, group)) for group in GROUPS}
    for group, names in used.items():
        if names:
            for point in entry_points(group=f"massivetext.{group}"):
                if point.name in names:
                    yield Installed(point.group, point.name, point.value)


def _names(values: Mapping[str, Any], group: str) -> Iterator[str]:
    """Yields the names in the configuration that this package itself does not have."""
    sources, mix, tokenizer = (
        found if isinstance(found := values.get(key), dict) else {} for key in ("sources", "mix", "tokenizer")
    )
    match group:
        case "readers":
            kinds = (source.get("kind") for source in sources.values() if isinstance(source, dict))
            yield from (kind for kind in kinds if isinstance(kind, str) and not KINDS.is_own(kind))
        case "formats":
            formats = mix.get("formats")
            yield from (
                form for form in (formats if isinstance(formats, list) else ()) if not FORMATS.is_own(form)
            )
        case "tokenizers":
            yield from filter(None, [tokenizer.get("kind")])
        case _:
            yield from (str(key) for key in values if not FAMILIES.is_own(str(key)))
