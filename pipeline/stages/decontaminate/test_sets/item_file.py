"""The input and the output of readers of test sets: files and items."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from massivetext.filters.similarity.test_items import Role
from massivetext.pipeline.config.load import ConfigError


class Item(NamedTuple):
    """A test item: its name, and its parts with their roles."""

    name: str
    parts: tuple[tuple[Role, str], ...]

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.parts)


@dataclass(frozen=True)
class ItemFile:
    """A test set to read: its name in the configuration, its file, its fields, and the file's SHA-256."""

    name: str
    path: str = field(repr=False)
    format: str | None  # None: by the file's name
    fields: tuple[tuple[Role, str], ...]  # and the role of each
    id: str | None  # field
    sha256: str

    def error(self, message: str, line: int | None = None) -> ConfigError:
        place = self.path if line is None else f"{self.path}, line {line}"
        return ConfigError(f"test set {self.name}: {place}: {message}")

    def item(self, fields: object, line: int, number: int) -> Item:
        """Returns an item from its fields. Raises ConfigError if one is missing."""
        if not isinstance(fields, Mapping):
            raise self.error(f"expected a mapping of fields, not {type(fields).__name__}", line)
        parts: dict[Role, list[str]] = {}
        for role, name in self.fields:
            parts.setdefault(role, []).extend(_strings(self._field(fields, name, line)))
        name = str(number) if self.id is None else str(self._field(fields, self.id, line))
        return Item(name, tuple((role, "\n".join(strings)) for role, strings in parts.items()))

    def _field(self, fields: Mapping[str, object], name: str, line: int) -> object:
        """Returns a field by its name, or by a path of names with points between them."""
        if name in fields:
            return fields[name]
        outer, _, rest = name.partition(".")
        inner = fields.get(outer)
        if rest and inner is None and outer in fields:
            return None
        if rest and isinstance(inner, list):
            return [self._field(one, rest, line) for one in inner if isinstance(one, Mapping)]
        if rest and isinstance(inner, Mapping):
            return self._field(inner, rest, line)
        raise self.error(f"no field `{name}`; it has: {', '.join(map(str, fields))}", line)


def _strings(value: object) -> Iterable[str]:
    """Yields a field's strings. A list or a mapping, such as one of choices, has one for each line."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        return [part for inner in value for part in _strings(inner)]
    return [] if value is None else [str(value)]
