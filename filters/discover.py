"""Collects a list that is declared one entry a file: the same constant in each module of a folder."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar


class Named(Protocol):
    """An entry of such a list."""

    @property
    def name(self) -> str: ...


Entry = TypeVar("Entry", bound=Named)


class Registry(Mapping[str, Entry]):
    """The entries of a list by their names: those of this package, and those that the plugins in use add to it."""

    def __init__(self, own: Iterable[Entry], order: Callable[[Entry], Any] | None = None) -> None:
        self._order = order
        self._own = self._sorted(own)
        self._entries = self._own

    def use(self, added: Iterable[Entry]) -> None:
        """Add these entries to the package's own, and drop those that were added before.

        Raises ValueError if two entries have the same name.
        """
        entries = dict(self._own)
        for entry in added:
            if entry.name in entries:
                raise ValueError(f"the name `{entry.name}` is taken: give another")
            entries[entry.name] = entry
        self._entries = self._sorted(entries.values())

    def _sorted(self, entries: Iterable[Entry]) -> dict[str, Entry]:
        ordered = sorted(entries, key=self._order) if self._order else entries
        return {entry.name: entry for entry in ordered}

    def is_own(self, name: str) -> bool:
        """Whether this package has an entry of this name."""
        return name in self._own

    def __getitem__(self, name: str) -> Entry:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def declared(package: str, path: Iterable[str], constant: str) -> list[Any]:
    """The values of `constant` in the modules of a package, in the order of the modules' names.

    Modules that do not declare the constant are left out. `path` is the package's `__path__`.
    """
    if not package.startswith("massivetext."):
        raise ValueError(f"{package}: only lists of this package are put together so")
    names = sorted(module.name for module in pkgutil.iter_modules(path))
    modules = [importlib.import_module(f"{package}.{name}") for name in names]
    return [getattr(module, constant) for module in modules if hasattr(module, constant)]
