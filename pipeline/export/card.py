"""Makes the card of an exported data set, for the Hugging Face hub and for people."""

from collections.abc import Sequence
from typing import NamedTuple

import yaml

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.versions import versions


class Exported(NamedTuple):
    """The numbers of what was written of a source."""

    source: str
    documents: int
    bytes: int  # of text, as UTF-8
    shards: int


def card(config: Config, written: Sequence[Exported], form: str) -> str:
    """Returns README.md: a head in YAML that names the files of each source, a table of counts, and the
    configuration."""
    held = [each for each in written if each.shards]
    head = {
        "configs": [
            *([{"config_name": "all", "data_files": f"data/*/*.{form}", "default": True}] if held else []),
            *({"config_name": each.source, "data_files": f"data/{each.source}/*.{form}"} for each in held),
        ],
        "tags": ["massivetext"],
    }
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
