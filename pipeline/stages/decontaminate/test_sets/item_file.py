"""What every reader of test sets gets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from massivetext.pipeline.config.load import ConfigError


@dataclass(frozen=True)
class ItemFile:
    """A test set to read: its name in the configuration, its file, its fields, and the file's SHA-256."""

    name: str
    path: str
    format: str | None  # None: by the file's name
    text: tuple[str, ...]  # fields
    id: str | None  # field
    sha256: str

    def error(self, message: str, line: int | None = None) -> ConfigError:
        place = self.path if line is None else f"{self.path}, line {line}"
        return ConfigError(f"test set {self.name}: {place}: {message}")

    def item(self, fields: object, line: int, number: int) -> tuple[str, str]:
        """The name and the text of an item from its fields; raises ConfigError where one is missing."""
        if not isinstance(fields, Mapping):
            raise self.error(f"expected a mapping of fields, not {type(fields).__name__}", line)
        for name in (*self.text, *([self.id] if self.id else [])):
            if name not in fields:
                raise self.error(f"no field `{name}`; it has: {', '.join(map(str, fields))}", line)
        text = "\n".join(part for name in self.text for part in _strings(fields[name]))
        return str(fields[self.id]) if self.id else str(number), text


def _strings(value: object) -> Iterable[str]:
    """A field's strings: a list, such as one of choices, holds one for each line."""
    if isinstance(value, list):
        return [part for inner in value for part in _strings(inner)]
    return [] if value is None else [str(value)]
