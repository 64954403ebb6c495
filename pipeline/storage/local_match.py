"""Finds the local files that a glob matches, each once. A name that exists exactly as written is taken literally."""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from glob import escape, has_magic
from glob import glob as local_glob

ANY_FOLDERS = "**"


def match(pattern: str) -> list[str]:
    """Returns the files that the pattern matches, sorted. `**` crosses folders, and each linked folder once.

    A file with several names, because of links, is found under the name without a link, else under the shortest.
    """
    names: dict[object, str] = {}
    for path in _candidates(_escaped(pattern)):
        with suppress(OSError):  # a broken link
            status = os.stat(path)
            if stat.S_ISREG(status.st_mode):
                # Hard links count as separate files. Only real paths, which take long, tell them from other links.
                one = (status.st_dev, status.st_ino) if status.st_nlink == 1 else os.path.realpath(path)
                names[one] = min(names[one], path, key=_directness) if one in names else path
    return sorted(names.values())


def _directness(name: str) -> tuple[bool, int, str]:
    return os.path.abspath(name) != os.path.realpath(name), name.count("/"), name


def _escaped(pattern: str) -> str:
    """Returns the pattern with each leading name that exists as written escaped, such as `data[1].jsonl`."""
    parts = pattern.split("/")
    for index, part in enumerate(parts):
        if has_magic(part) and not os.path.lexists("/".join(parts[: index + 1])):
            return "/".join([*map(escape, parts[:index]), *parts[index:]])
    return "/".join(map(escape, parts))


def _candidates(pattern: str) -> Iterator[str]:
    parts = pattern.split("/")
    if ANY_FOLDERS not in parts:
        yield from local_glob(pattern)
        return
    at = parts.index(ANY_FOLDERS)
    root = "/".join(parts[:at])
    for folder in [root] if not has_magic(root) else local_glob(root):
        for names in _walk(folder or ("/" if pattern.startswith("/") else "."), set()):
            if _matches(names, parts[at:]):
                yield "/".join([*([folder] if at else []), *names])


def _walk(folder: str, entered: set[tuple[int, int]]) -> Iterator[list[str]]:
    """Yields the names that lead to each file below a folder. A folder that links lead to again is entered once."""
    try:
        status = os.stat(folder)
        entries = sorted(os.scandir(folder), key=lambda entry: (entry.is_symlink(), entry.name))
    except OSError:
        return
    if (status.st_dev, status.st_ino) in entered:
        return
    entered.add((status.st_dev, status.st_ino))
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from ([entry.name, *names] for names in _walk(entry.path, entered))
        else:
            yield [entry.name]


def _matches(names: Sequence[str], parts: Sequence[str]) -> bool:
    if not parts:
        return not names
    if parts[0] == ANY_FOLDERS:
        return _matches(names, parts[1:]) or (bool(names) and _matches(names[1:], parts))
    return bool(names) and fnmatchcase(names[0], parts[0]) and _matches(names[1:], parts[1:])
