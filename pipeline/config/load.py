"""Reads a configuration from YAML, and checks the whole of it before anything runs."""

import posixpath
import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from massivetext.filters.families import FAMILIES
from massivetext.pipeline.config.limits import Bounds, LimitSection
from massivetext.pipeline.config.model import WEIGHT_ROUNDING, Config, given_weights
from massivetext.pipeline.plugins.find import find
from massivetext.pipeline.plugins.guard import PluginError
from massivetext.pipeline.plugins.use import NONE, Plugins, use
from massivetext.pipeline.read.settings import LIMITS
from massivetext.pipeline.storage import files

_KEY = re.compile(r"(\w+(?:\.\w+)*): ")
_OF_SEVERAL_TYPES = {("audit", "groups"), ("decontaminate", "test_sets")}


class ConfigError(Exception):
    """A fault of the configuration. The message has the file, the line and the key, and says what is allowed."""


@dataclass(frozen=True)
class Loaded:
    """A checked configuration, with its path and its YAML nodes. Its relative paths start from the folder of `path`."""

    config: Config
    path: str
    root: yaml.Node | None
    note: str | None = None  # what the run says once about how the configuration was read
    plugins: Plugins = NONE

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path) or "."

    def where(self, *key: str | int) -> str:
        """Returns the file, line and name of a key, with which errors begin."""
        return f"{self.path}, line {_line(self.root, list(key))}: {'.'.join(str(part) for part in key)}"

    def resolve(self, path: str) -> str:
        """Returns a path of the configuration relative to the working folder, so that it can be opened."""
        return resolved(self.path, path)


def resolved(configuration: str, path: str) -> str:
    """Returns a path that a configuration file names, relative to the working folder instead of the file's."""
    folder = posixpath.dirname(configuration) or "."
    return path if files.is_absolute(path) else posixpath.join(folder, path)


def load(path: str, **given: object) -> Loaded:
    """Read and check a configuration, and use its plugins in this process from now on.

    `given` holds keys that options of the command override; None means that the option was not given. Raises
    ConfigError.
    """
    try:
        text = files.read_bytes(path).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    return _loaded(path, text, given)


def of_values(values: Mapping[str, Any], folder: str = ".") -> Loaded:
    """Returns the configuration of a file that would hold `values`. Its relative paths start from `folder`."""
    try:
        text = yaml.safe_dump(dict(values), sort_keys=False)
    except yaml.YAMLError as error:
        raise ConfigError(f"the configuration holds a value that YAML cannot express: {error}") from error
    return _loaded(posixpath.join(folder, "configuration"), text, {})


def _loaded(path: str, text: str, given: Mapping[str, object]) -> Loaded:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        _refuse_repeated_keys(path, root)
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not valid YAML: {error}") from error
    if not isinstance(values, dict):
        raise ConfigError(f"{path}: expected a mapping with the keys {', '.join(Config.section_names())}")
    values |= {name: value for name, value in given.items() if value is not None}
    plugins = _plugins(path, root, values)
    try:
        config = Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError("\n".join(_explanations(path, root, error))) from error
    return Loaded(config, path, root, _note(values, config), plugins)


def _plugins(path: str, root: yaml.Node | None, values: dict[str, Any]) -> Plugins:
    """Returns the plugins of a configuration, and uses them in this process from now on."""
    limits = values.get("limits")
    seconds = limits.get("plugin_seconds") if isinstance(limits, dict) else None
    try:
        found = find(values, lambda name: resolved(path, name))
        plugins = Plugins(
            found, seconds if isinstance(seconds, int | float) and seconds > 0 else LIMITS.plugin_seconds
        )
        use(plugins)
    except PluginError as error:
        raise ConfigError(f"{path}, line {_line(root, ['plugins'])}: {error}") from error
    return plugins


def _note(values: dict[str, Any], config: Config) -> str | None:
    """Returns a note of the sources' shares if the weights do not sum to 1."""
    total = sum(given_weights(values.get("sources")).values())
    if abs(total - 1) <= WEIGHT_ROUNDING:
        return None
    shares = ", ".join(f"{name} {source.weight:.2%}" for name, source in config.sources.items())
    return f"the weights sum to {total:g}; their shares: {shares}"


def _nodes(root: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    stack, seen = [root], set()
    while stack:
        node = stack.pop()
        if id(node) in seen:  # an alias, which may be inside the node that it refers to
            continue
        seen.add(id(node))
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
                raise ConfigError(
                    f"{path}, line {line}: the key `{key.value}` occurs twice in one mapping: delete one of them"
                )
            seen.add(key.value)


def _explanations(path: str, root: yaml.Node | None, errors: ValidationError) -> Iterator[str]:
    for error in errors.errors():
        if error["loc"][-1:] == ("str",) and isinstance(error["input"], dict | list):
            continue  # the value may also be a path; another error says what is wrong with the mapping or list
        location, message = _location(error["loc"]), _message(dict(error))
        if not location and (key := _KEY.match(message)):  # the error of a check across sections
            line = _line(root, list(key[1].split(".")))
        else:
            line, message = _line(root, location), f"{_dotted(location)}{message}"
        given = error.get("input")
        shown = f" (given: {given!r})" if isinstance(given, str | int | float | bool) else ""
        yield f"{path}, line {line}: {message}{shown}"


def _location(parts: tuple[str | int, ...]) -> list[str | int]:
    """Returns the keys that lead to a value, without the name of the value's type, which pydantic adds to some."""
    keys = [part for part in parts if part != "[key]"]
    return [*keys[:3], *keys[4:]] if tuple(keys[:2]) in _OF_SEVERAL_TYPES else keys


def _dotted(location: list[str | int]) -> str:
    return ".".join(str(part) for part in location) + ": " if location else ""


def _message(error: dict[str, Any]) -> str:
    location = _location(error["loc"])
    match error["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            return f"unknown key; allowed here: {', '.join(_allowed(location[:-1]))}"
        case "model_type" | "dataclass_type":
            return f"expected a mapping with some of the keys {', '.join(_allowed(location))}"
        case "dict_type":
            return "expected a mapping, with a name for each entry"
        case "string_type" if error["input"] is not None:
            return "expected text, but YAML reads this value as something else: put it in quotes"
        case "string_pattern_mismatch":
            return "expected a name of a-z, 0-9, _ and - that begins with a letter or digit"
        case _:
            return str(error["msg"]).removeprefix("Value error, ")


def _allowed(location: list[str | int]) -> list[str]:
    """Returns the keys that a section allows. Walks the models along the location of an error."""
    if not location:
        return Config.section_names()
    family = FAMILIES.get(str(location[0]))
    if family and family.limits:
        return (
            [*LimitSection.model_fields, *family.limits] if len(location) == 1 else list(Bounds.model_fields)
        )
    model: Any = Config
    for part in location:
        if part in _fields(
            model
        ):  # else a name that the user chose, or a place in a list: the model stays the same
            model = next(_models(model.model_fields[part].annotation), model)
    return list(_fields(model))


def _fields(model: Any) -> dict[str, Any]:
    found: dict[str, Any] = getattr(model, "model_fields", None) or getattr(model, "__dataclass_fields__", {})
    return {name: field for name, field in found.items() if not name.startswith("__")}


def _models(annotation: Any) -> Iterator[Any]:
    if _fields(annotation):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models(inner)


def _line(root: yaml.Node | None, location: list[str | int]) -> int:
    """Returns the line of the deepest key of `location` that the file holds."""
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
