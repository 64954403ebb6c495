"""Reading a configuration: YAML, checked whole before anything runs."""

import posixpath
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from pipeline import files
from pipeline.config import Config


class ConfigError(Exception):
    """A configuration that cannot run; the message says which key, where, and what is allowed."""


@dataclass(frozen=True)
class Loaded:
    """A checked configuration and the folder its relative paths start from."""

    config: Config
    path: str
    root: yaml.Node | None

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path) or "."

    def where(self, *key: str | int) -> str:
        """File, line and name of a key, as errors begin."""
        return f"{self.path}, line {_line(self.root, list(key))}: {'.'.join(str(part) for part in key)}"

    def resolve(self, path: str) -> str:
        """A path of the configuration as one that can be opened."""
        return path if files.is_absolute(path) else posixpath.join(self.folder, path)


def load(path: str) -> Loaded:
    """Read and check a configuration; raises ConfigError naming the key, the line and what is allowed."""
    try:
        text = files.read_bytes(path).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        _refuse_repeated_keys(path, root)
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not valid YAML: {error}") from error
    if not isinstance(values, dict):
        raise ConfigError(f"{path}: expected a mapping with the keys {', '.join(Config.model_fields)}")
    try:
        config = Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(path, root, dict(e)) for e in error.errors())) from error
    return Loaded(config, path, root)


def _nodes(root: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, yaml.MappingNode):
            yield node
            stack.extend(value for _, value in node.value)
        elif isinstance(node, yaml.SequenceNode):
            stack.extend(node.value)


def _refuse_repeated_keys(path: str, root: yaml.Node | None) -> None:
    for node in _nodes(root):
        seen: set[Hashable] = set()
        for key, _ in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                raise ConfigError(f"{path}, line {line}: the key `{key.value}` stands twice in one mapping")
            seen.add(key.value)


def _explain(path: str, root: yaml.Node | None, error: dict[str, Any]) -> str:
    location = [part for part in error["loc"] if not (isinstance(part, str) and part in ("str", "TestSet"))]
    key = ".".join(str(part) for part in location)
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        message = f"unknown key; allowed here: {', '.join(_allowed(location[:-1]))}"
    given = error.get("input")
    shown = f" (given: {given!r})" if isinstance(given, str | int | float | bool) else ""
    return f"{path}, line {_line(root, location)}: {key + ': ' if key else ''}{message}{shown}"


def _allowed(location: list[str | int]) -> list[str]:
    """The keys a section knows, found by walking the models along an error's location."""
    model: Any = Config
    for part in location:
        if part in _fields(model):  # else a name the user chose, or a place in a list: within the same model
            model = next(_models(model.model_fields[part].annotation), model)
    return list(_fields(model))


def _fields(model: Any) -> dict[str, Any]:
    found: dict[str, Any] = getattr(model, "model_fields", None) or getattr(model, "__dataclass_fields__", {})
    return found


def _models(annotation: Any) -> Iterator[Any]:
    if _fields(annotation):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models(inner)


def _line(root: yaml.Node | None, location: list[str | int]) -> int:
    """The line of the deepest key of `location` that the file holds."""
    node, line = root, 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            entry = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if entry is None:
                break
            line, node = entry[0].start_mark.line + 1, entry[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line
