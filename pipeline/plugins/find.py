"""Finds the plugins of a configuration: files that it names, and installed packages that bring a name in it."""

import os
from collections.abc import Callable, Iterator, Mapping
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
    """Returns where a plugin can be found again, for the manifest of an output."""
    if isinstance(plugin, PluginFile):
        path = plugin.path if files.is_remote(plugin.path) else os.path.abspath(plugin.path)
        return {"path": path}
    return {"group": plugin.group, "stem": plugin.stem, "value": plugin.value}


def found_again(place: Mapping[str, str]) -> Plugin:
    """Returns the plugin in a place. Raises PluginError if it is gone.

    The copies in an output are for people. They are never executed, since an output may come from anywhere.
    """
    if "path" not in place:
        return Installed(**place)
    if not files.exists(place["path"]):
        raise PluginError(
            f"the output was made with the plugin {place['path']}, which is gone: put it there again "
            f"(a copy lies in the output's folder {FOLDER}: read it before you use it)"
        )
    _refuse_of_others(Path(place["path"]))
    return opened(place["path"])


def _refuse_of_others(path: Path) -> None:
    """Raises PluginError for a file that somebody else may have written, since only an output names it."""
    status = path.stat() if path.is_absolute() else None
    is_own = status is not None and status.st_uid in (0, os.getuid()) and not status.st_mode & 0o022
    if not is_own or any((folder / "manifest.json").exists() for folder in path.parents):
        raise PluginError(
            f"the output was made with the plugin {path}, which is not used: others may write it, or it lies in an "
            "output. Read it, and run the configuration that names it"
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
