"""The files a configuration asks for, found before anything runs."""

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
"""Of inputs, as they lie on this machine: below this, worker processes take longer to start than they save."""


def are_small(loaded: Loaded) -> bool:
    """Whether the command itself works through the inputs sooner than worker processes would."""
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
    """The files of each source that are read, sorted by name; raises ConfigError for all globs that match nothing or
    cannot be looked for."""
    found, missing = {}, []
    for name, source in loaded.config.sources.items():
        origins: dict[str, Origin] = {}
        records = source.records and Folder(source.records, loaded.resolve(source.records))
        for index, pattern in enumerate(source.paths):
            where, looked_for = loaded.where("sources", name, "paths", index), loaded.resolve(pattern)
            try:
                matches = files.stamped(looked_for)
            except StoreError as error:
                missing.append(f"{where}: {error}")
                continue
            if not matches:
                hint = f"; that is a folder, `{pattern.rstrip('/')}/*` its files" if isdir(looked_for) else ""
                missing.append(f"{where}: no file matches `{pattern}` (looked for {looked_for}{hint})")
            for match in matches:
                if fault := _misnamed(match.name):
                    missing.append(f"{where}: {fault}")
                    continue
                label = _as_configured(loaded, pattern, match.name)
                origins[label] = Origin(
                    label, match.path, match.bytes, stamp=match.stamp, records=records or None
                )
        found[name] = [origins[label] for label in sorted(origins)]
        if share := loaded.config.sample:
            found[name] = sampled(found[name], share, loaded.config.seed)
    if missing:
        raise ConfigError("\n".join(missing))
    return found


def check_first(loaded: Loaded, origins: Mapping[str, Sequence[Origin]]) -> dict[str, First]:
    """The first records of each source; raises ConfigError for all sources of which nothing can be read, and
    for those whose files are empty though the mix asks for some of them."""
    sources = loaded.config.sources
    found = {
        name: first_records(source.kind, origins[name], loaded.config.limits, source.columns)
        for name, source in sources.items()
    }
    faults = [
        f"{loaded.where('sources', name)}: {first.fault(sources[name].kind)}"
        for name, first in found.items()
        if first.is_unread
    ]
    faults += [
        f"{loaded.where('sources', name)}: its files ({len(origins[name]):,}) are empty; a source of weight 0 may be so"
        for name, first in found.items()
        if first.is_empty and sources[name].weight and not any(origin.bytes for origin in origins[name])
    ]
    if faults:
        raise ConfigError("\n".join(faults))
    return found


def existing(loaded: Loaded, path: str, *key: str | int) -> str:
    """A single file the configuration names, as a path that can be opened; raises ConfigError without it."""
    resolved = loaded.resolve(path)
    if not files.exists(resolved):
        raise ConfigError(f"{loaded.where(*key)}: no such file: {resolved}")
    return resolved


def _misnamed(name: str) -> str | None:
    """Why a file's name cannot be used: ids are made of it as text, and Python takes bytes that are none for halves of
    surrogates."""
    if name.isascii() or not any("\ud800" <= character <= "\udfff" for character in name):
        return None
    held = os.fsencode(name)
    try:
        told = held.decode()
    except UnicodeDecodeError:
        return f"the name of the file {held!r} is not UTF-8: rename it"
    return f"the name of the file {told} is more than the locale knows: set LC_ALL=C.UTF-8"


def _as_configured(loaded: Loaded, pattern: str, path: str) -> str:
    """A matched file's name as the configuration would write it: ids must not depend on where that stands."""
    return path if files.is_absolute(pattern) else posixpath.relpath(path, loaded.folder)
