"""Finds the files that a configuration names, before anything runs."""

import os
import posixpath
from collections.abc import Mapping, Sequence
from os.path import isdir

from massivetext.pipeline.config.load import ConfigError, Loaded
from massivetext.pipeline.read.first_records import First, first_records
from massivetext.pipeline.read.sample import sampled
from massivetext.pipeline.storage import files
from massivetext.pipeline.storage.object_store import StoreError
from massivetext.pipeline.storage.origin import Folder, Origin

SMALL_BYTES = 16 << 20
"""Bytes of input below which worker processes take longer to start than they save."""


def are_small(loaded: Loaded) -> bool:
    """Whether all inputs are local and so small that the command alone is faster than with worker processes."""
    rest = SMALL_BYTES
    for source in loaded.config.sources.values():
        for pattern in map(loaded.resolve, source.paths):
            if files.is_remote(pattern):
                return False
            rest -= sum(size for _, size in files.match(pattern))
            if rest < 0:
                return False
    return True


def find(loaded: Loaded) -> dict[str, list[Origin]]:
    """Returns the files of each source that a run reads, sorted by name.

    Raises ConfigError, which names every glob that matches no file or cannot be searched for.
    """
    found: dict[str, list[Origin]] = {}
    missing: list[str] = []
    for name, source in loaded.config.sources.items():
        records = Folder(source.records, loaded.resolve(source.records)) if source.records else None
        found[name] = _matched(loaded, source.paths, ("sources", name, "paths"), missing, records)
        if share := loaded.config.sample:
            found[name] = sampled(found[name], share, loaded.config.seed)
    if missing:
        raise ConfigError("\n".join(missing))
    return found


def site_records(loaded: Loaded) -> list[Origin]:
    """Returns the files of `robots.records`. Raises ConfigError like `find`."""
    missing: list[str] = []
    found = _matched(loaded, loaded.config.robots.records, ("robots", "records"), missing)
    if missing:
        raise ConfigError("\n".join(missing))
    return found


def _matched(
    loaded: Loaded,
    patterns: Sequence[str],
    key: tuple[str, ...],
    missing: list[str],
    records: Folder | None = None,
) -> list[Origin]:
    """The files that some globs match, sorted by name; `missing` gets what is wrong with a glob."""
    origins: dict[str, Origin] = {}
    for index, pattern in enumerate(patterns):
        where, looked_for = loaded.where(*key, index), loaded.resolve(pattern)
        try:
            matches = files.stamped(looked_for)
        except StoreError as error:
            missing.append(f"{where}: {error}")
            continue
        if not matches:
            is_folder = isdir(looked_for)
            hint = f"; it is a folder: for its files, write `{pattern.rstrip('/')}/*`" if is_folder else ""
            missing.append(f"{where}: no file matches `{pattern}` (looked for {looked_for}{hint})")
        for match in matches:
            if fault := _misnamed(match.name):
                missing.append(f"{where}: {fault}")
                continue
            label = _as_configured(loaded, pattern, match.name)
            origins[label] = Origin(label, match.path, match.bytes, stamp=match.stamp, records=records)
    return [origins[label] for label in sorted(origins)]


def check_first(loaded: Loaded, origins: Mapping[str, Sequence[Origin]]) -> dict[str, First]:
    """Returns the first records of each source.

    Raises ConfigError, which names every source that cannot be read, and every source with a weight whose files are
    empty.
    """
    sources = loaded.config.sources
    found = {
        name: first_records(source.kind, origins[name], loaded.config.limits, source.columns, source.pages)
        for name, source in sources.items()
    }
    faults = [
        f"{loaded.where('sources', name)}: {first.fault(sources[name].kind)}"
        for name, first in found.items()
        if first.is_unread
    ]
    faults += [
        f"{loaded.where('sources', name)}: its files ({len(origins[name]):,}) are empty: give other paths, or weight 0"
        for name, first in found.items()
        if first.is_empty
        and loaded.config.weights[name]
        and not any(origin.bytes for origin in origins[name])
    ]
    if faults:
        raise ConfigError("\n".join(faults))
    return found


def existing(loaded: Loaded, path: str, *key: str | int) -> str:
    """Returns the path of a file that the configuration names. Raises ConfigError if there is no such file."""
    resolved = loaded.resolve(path)
    if not files.exists(resolved):
        raise ConfigError(f"{loaded.where(*key)}: no such file: {resolved}")
    return resolved


def _misnamed(name: str) -> str | None:
    """Returns why a file's name cannot be used, or None. Ids are made from the name as text.

    Python reads a byte of a name that it cannot decode as half of a surrogate pair.
    """
    if name.isascii() or not any("\ud800" <= character <= "\udfff" for character in name):
        return None
    held = os.fsencode(name)
    try:
        told = held.decode()
    except UnicodeDecodeError:
        return f"the name of the file {held!r} is not UTF-8: rename it"
    return f"this locale cannot hold the name of the file {told}: set LC_ALL=C.UTF-8"


def _as_configured(loaded: Loaded, pattern: str, path: str) -> str:
    """Returns a file's name relative to the configuration's folder: ids do not depend on where that folder is."""
    return path if files.is_absolute(pattern) else posixpath.relpath(path, loaded.folder)
