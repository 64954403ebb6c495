"""Makes the card of an exported data set, for the Hugging Face hub and for people."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import yaml

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.versions import versions


class Exported(NamedTuple):
    """The numbers of what was written of a source."""

    source: str
    documents: int
    bytes: int  # of text, as UTF-8
    shards: int
    columns: pa.Schema


def _features(schema: pa.Schema) -> list[dict[str, str]]:
    """The columns and their types, as `datasets` names them."""
    return [
        {"name": field.name, "list": _type(field.type.value_type)}
        if pa.types.is_list(field.type)
        else {"name": field.name, "dtype": _type(field.type)}
        for field in schema
    ]


def _type(kind: pa.DataType) -> str:
    return {pa.float64(): "float64", pa.float32(): "float32"}.get(kind, str(kind))


def card(config: Config, written: Sequence[Exported], form: str) -> str:
    """Returns README.md: a head in YAML that names the files of each source, a table of counts, and the
    configuration."""
    held = [each for each in written if each.shards]
    head: dict[str, list[Any]] = {
        "configs": [
            *([{"config_name": "all", "data_files": f"data/*/*.{form}", "default": True}] if held else []),
            *({"config_name": each.source, "data_files": f"data/{each.source}/*.{form}"} for each in held),
        ],
        "tags": ["massivetext"],
    }
    if form.startswith("jsonl"):  # which has no types: a column that one source lacks would be of none there
        every = pa.unify_schemas([each.columns for each in held], promote_options="permissive")
        schemas = {"all": every, **{each.source: each.columns for each in held}}
        head["dataset_info"] = [
            {"config_name": name, "features": _features(schema)} for name, schema in schemas.items() if held
        ]
    rows = [f"| {each.source} | {each.documents:,} | {each.bytes:,} | {each.shards} |" for each in written]
    made = config.model_dump(mode="json", exclude_defaults=True)
    return "\n".join(
        [
            "---",
            yaml.safe_dump(head, sort_keys=False).strip(),
            "---",
            "",
            "# Documents kept by massivetext",
            "",
            f"Made by massivetext {versions()['massivetext']}: read, filtered, deduplicated and cleared of test sets",
            "as the configuration below says. The licence of each document is that of its source. If a source",
            "states a licence, the column `licence` has it.",
            "",
            "| source | documents | bytes of text | files |",
            "|---|---:|---:|---:|",
            *rows,
            "",
            "```yaml",
            yaml.safe_dump(made, sort_keys=False, allow_unicode=True).strip(),
            "```",
            "",
        ]
    )
