"""The plugins of a configuration: the files that it names, and installed ones of which it uses a name."""

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
"""The folder of an output with copies of its plugins' files."""

GROUPS = ("readers", "measurements", "rules", "formats", "tokenizers")
"""Entry points of installed packages are looked for in `massivetext.GROUP`."""


def find(values: Mapping[str, Any], resolve: Callable[[str], str]) -> tuple[Plugin, ...]:
    """The plugins of a configuration as it is written. Raises PluginError for a file that cannot be read."""
    named = values.get("plugins") or []
    paths = [path for path in named if isinstance(path, str)] if isinstance(named, list) else []
    return (*(opened(resolve(path)) for path in paths), *_installed(values))


def opened(path: str) -> PluginFile:
    """The plugin in a file; raises PluginError where it cannot be read."""
    try:
        return PluginFile(path, files.read_bytes(path).decode())
    except (OSError, UnicodeDecodeError) as error:
        raise PluginError(f"plugins: {path}: cannot be read: {error}") from error


def place_of(plugin: Plugin) -> dict[str, str]:
    """Where a plugin is found again, as an output's manifest keeps it."""
    if isinstance(plugin, PluginFile):
        path = plugin.path if files.is_remote(plugin.path) else os.path.abspath(plugin.path)
        return {"path": path}
    return {"group": plugin.group, "stem": plugin.stem, "value": plugin.value}


def found_again(place: Mapping[str, str]) -> Plugin:
    """The plugin in a place. Raises PluginError where it is gone.

    An output holds copies of its plugins for people. They are not executed: an output may come from anywhere.
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
    """Raises PluginError for a file that somebody else may have put there: an output only names it."""
    status = path.stat() if path.is_absolute() else None
    is_own = status is not None and status.st_uid in (0, os.getuid()) and not status.st_mode & 0o022
    if not is_own or any((folder / "manifest.json").exists() for folder in path.parents):
        raise PluginError(
            f"the output was made with the plugin {path}, which is not used: others may write it, or it lies in an "
            "output. Read it, and run the configuration that names it"
        )


def _installed(values: Mapping[str, Any]) -> Iterator[Installed]:
    """The entry points whose names the configuration uses. Those of other names change nothing."""
    used = {group: set(_names(values, group)) for group in GROUPS}
    for group, names in used.items():
        if names:
            for point in entry_points(group=f"massivetext.{group}"):
                if point.name in names:
                    yield Installed(point.group, point.name, point.value)


def _names(values: Mapping[str, Any], group: str) -> Iterator[str]:
    """The names that the configuration uses and that this package does not have itself."""
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
