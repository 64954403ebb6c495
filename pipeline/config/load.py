"""Reading a configuration: YAML, checked whole before anything runs."""

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
    """A configuration that cannot run; the message says which key, where, and what is allowed."""


@dataclass(frozen=True)
class Loaded:
    """A checked configuration and the folder its relative paths start from."""

    config: Config
    path: str
    root: yaml.Node | None
    note: str | None = None  # what is to be said once of how the configuration was taken
    plugins: Plugins = NONE

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path) or "."

    def where(self, *key: str | int) -> str:
        """File, line and name of a key, as errors begin."""
        return f"{self.path}, line {_line(self.root, list(key))}: {'.'.join(str(part) for part in key)}"

    def resolve(self, path: str) -> str:
        """A path of the configuration as one that can be opened."""
        return resolved(self.path, path)


def resolved(configuration: str, path: str) -> str:
    """A path that a configuration names, as one that can be opened."""
    folder = posixpath.dirname(configuration) or "."
    return path if files.is_absolute(path) else posixpath.join(folder, path)


def load(path: str, **given: object) -> Loaded:
    """Read and check a configuration, and use its plugins from now on.

    `given`: keys that options of the command override, None where an option is not given. Raises ConfigError naming the
    key, the line and what is allowed.
    """
    try:
        text = files.read_bytes(path).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    return _loaded(path, text, given)


def of_values(values: Mapping[str, Any], folder: str = ".") -> Loaded:
    """A configuration from what its file would hold, as load() has it; relative paths start from `folder`."""
    try:
        text = yaml.safe_dump(dict(values), sort_keys=False)
    except yaml.YAMLError as error:
        raise ConfigError(f"the configuration holds what YAML cannot: {error}") from error
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
    """The plugins of a configuration, which are used from now on."""
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
    """The shares that weights were taken for, where they do not sum to 1."""
    total = sum(given_weights(values.get("sources")).values())
    if abs(total - 1) <= WEIGHT_ROUNDING:
        return None
    shares = ", ".join(f"{name} {source.weight:.2%}" for name, source in config.sources.items())
    return f"the weights sum to {total:g}; their shares: {shares}"


def _nodes(root: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    stack, seen = [root], set()
    while stack:
        node = stack.pop()
        if id(node) in seen:  # an alias, which may stand within what it stands for
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
                raise ConfigError(f"{path}, line {line}: the key `{key.value}` stands twice in one mapping")
            seen.add(key.value)


def _explanations(path: str, root: yaml.Node | None, errors: ValidationError) -> Iterator[str]:
    for error in errors.errors():
        if error["loc"][-1:] == ("str",) and isinstance(error["input"], dict | list):
            continue  # it may be a path, too: what is wrong with the mapping or list stands in another error
        location, message = _location(error["loc"]), _message(dict(error))
        if not location and (key := _KEY.match(message)):  # of a check across sections
            line = _line(root, list(key[1].split(".")))
        else:
            line, message = _line(root, location), f"{_dotted(location)}{message}"
        given = error.get("input")
        shown = f" (given: {given!r})" if isinstance(given, str | int | float | bool) else ""
        yield f"{path}, line {line}: {message}{shown}"


def _location(parts: tuple[str | int, ...]) -> list[str | int]:
    """The keys that lead to a value, without what pydantic adds: which of a value's types it was taken for."""
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
            return "expected a mapping from names"
        case "string_type" if error["input"] is not None:
            return "expected text, which YAML does not take this for: put it in quotes"
        case "string_pattern_mismatch":
            return "a name is made of a-z, 0-9, _ and -, and begins with a letter or digit"
        case _:
            return str(error["msg"]).removeprefix("Value error, ")


def _allowed(location: list[str | int]) -> list[str]:
    """The keys a section knows, found by walking the models along an error's location."""
    if not location:
        return Config.section_names()
    family = FAMILIES.get(str(location[0]))
    if family and family.limits:
        return (
            [*LimitSection.model_fields, *family.limits] if len(location) == 1 else list(Bounds.model_fields)
        )
    model: Any = Config
    for part in location:
        if part in _fields(model):  # else a name the user chose, or a place in a list: within the same model
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
