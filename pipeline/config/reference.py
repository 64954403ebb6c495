"""Makes the reference of the configuration: every key with its type, default and meaning.

There is a page for people, docs/configuration.md, and a JSON Schema for editors, docs/configuration.schema.json. Both
are made from the models. A test fails when the files differ from what these functions return.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from massivetext.filters.families import FAMILIES
from massivetext.filters.families.family import Family, Limit
from massivetext.pipeline.config.limits import LimitSection
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.read.kinds import KINDS
from massivetext.pipeline.shards import FORMATS

Schema = dict[str, Any]

_HEAD = """# Every key of the configuration

Made by `make docs` from the models in `pipeline/config`. With [configuration.schema.json](configuration.schema.json)
an editor checks a configuration while you type: for the YAML language server, begin the file with
`# yaml-language-server: $schema=configuration.schema.json`.
"""


def _sentence(text: str) -> str:
    """Returns text with a capital first letter and a full stop. `capitalize` would turn `U+FFFD` into `U+fffd`."""
    return f"{text[:1].upper()}{text[1:]}."


def schema() -> Schema:
    """Returns the JSON Schema of a configuration."""
    made = Config.model_json_schema()
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made["additionalProperties"] = False
    for name, family in FAMILIES.items():
        if family.limits:
            made["properties"][name] = _limit_section(made, name, family)
    for bare in ("LimitSection", "ProseLimits", "Repetition"):
        made["$defs"].pop(bare, None)
    made["$defs"]["Source"]["properties"]["kind"]["enum"] = list(KINDS)
    made["$defs"]["Mix"]["properties"]["formats"]["items"]["enum"] = list(FORMATS)
    return made


def _limit_section(whole: Schema, name: str, family: Family) -> Schema:
    """Returns the schema of a section of limits, with a key for each column of its family."""
    model = Config.model_fields[name].annotation if name in Config.model_fields else LimitSection
    section: Schema = model.model_json_schema()  # type: ignore[union-attr]
    whole["$defs"].update(section.pop("$defs", {}))
    section["description"] = f"What it removes: {family.meaning}."
    section["additionalProperties"] = False
    for column, limit in family.limits.items():
        section["properties"][column] = {
            "$ref": "#/$defs/Bounds",
            "description": _sentence(family.meanings.get(column, column)),
            "default": {side: bound for side, bound in _sides(limit) if bound is not None},
        }
    return section


def _sides(limit: Limit) -> Iterator[tuple[str, float | None]]:
    yield "minimum", limit.minimum
    yield "maximum", limit.maximum


def markdown() -> str:
    """Returns the reference as a page with a table for each section."""
    whole = schema()
    kinds = [f"- `{kind.name}`: {kind.meaning}" for kind in KINDS.values()]
    parts = [_HEAD, *_section(whole, "The whole", whole, ""), "## Kinds of source\n", "\n".join(kinds)]
    return "\n".join(parts) + "\n"


def _section(whole: Schema, title: str, section: Schema, prefix: str) -> Iterator[str]:
    """Yields a section's table, then the tables of the sections in it."""
    yield f"## {title}\n"
    if prefix:
        yield f"{section.get('description', '').splitlines()[0]}\n"
    yield "| key | type | default | meaning |\n|---|---|---|---|"
    inner = []
    for name, value in section["properties"].items():
        key, found = f"{prefix}{name}", _resolved(whole, value)
        meaning = " ".join(str(value.get("description", found.get("description", ""))).split())
        required = name in section.get("required", [])
        below = _below(whole, value)
        if below and (below[0] or below[1].get("title") != "Bounds"):
            default = value.get("default")
            shown = "see below" if default is None or isinstance(default, dict) else _shown(default)
            inner.append((key, *below))
        else:
            shown = _shown(value.get("default"))
        yield f"| `{key}` | {_type(whole, value)} | {'must be given' if required else shown} | {meaning} |"
    yield ""
    for key, suffix, within in inner:
        yield from _section(whole, f"`{key}{suffix}`", within, f"{key}{suffix}.")


def _resolved(whole: Schema, value: Schema) -> Schema:
    reference = value.get("$ref")
    found: Schema = whole["$defs"][reference.rpartition("/")[2]] if reference else value
    return found


def _below(whole: Schema, value: Schema) -> tuple[str, Schema] | None:
    """Returns the section under a key, and the path to it: `.NAME` for each name that the user chooses."""
    found = _resolved(whole, value)
    if "properties" in found:
        return "", found
    if found.get("type") == "array":
        return _below(whole, found["items"])
    if inner := found.get("additionalProperties") or next(
        iter(found.get("patternProperties", {}).values()), None
    ):
        below = _below(whole, inner) if isinstance(inner, dict) else None
        return (f".NAME{below[0]}", below[1]) if below else None
    return next((below for each in found.get("anyOf", []) if (below := _below(whole, each))), None)


_NAMES: Mapping[str, str] = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "mapping",
    "null": "",
}


def _type(whole: Schema, value: Schema) -> str:
    found = _resolved(whole, value)
    if "enum" in found or "const" in found:
        return " or ".join(f"`{choice}`" for choice in found.get("enum", [found.get("const")]))
    if "anyOf" in found:
        return " or ".join(each for each in (_type(whole, one) for one in found["anyOf"]) if each)
    if found.get("type") == "array":
        return f"list of {_type(whole, found['items'])}"
    return _NAMES[found.get("type", "object")] + _range(found)


_SIGNS = {
    "minimum": "at least",
    "exclusiveMinimum": "above",
    "maximum": "at most",
    "exclusiveMaximum": "below",
}


def _range(value: Schema) -> str:
    bounds = [f"{words} {value[sign]:,}" for sign, words in _SIGNS.items() if sign in value]
    return f", {', '.join(bounds)}" if bounds else ""


def _shown(default: object) -> str:
    """Returns a default as code for a cell of a table, which a bare `|` would end."""
    shown = json.dumps(default, sort_keys=True).replace("|", "\\|")
    return "" if default in (None, {}) else f"`{shown}`"
