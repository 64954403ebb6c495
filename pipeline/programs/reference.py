"""Writes the files of docs/ that are made from models: python -m massivetext.pipeline.programs.reference docs."""

import json
import sys
from pathlib import Path

from massivetext.pipeline.config.reference import markdown, schema
from massivetext.pipeline.stages.report.stats import schema as stats_schema


def main() -> None:
    """Write configuration.md and the two schemas into the folder that the first argument names."""
    folder = Path(sys.argv[1])
    (folder / "configuration.md").write_text(markdown())
    (folder / "configuration.schema.json").write_text(json.dumps(schema(), indent=1) + "\n")
    (folder / "stats.schema.json").write_text(json.dumps(stats_schema(), indent=1) + "\n")


if __name__ == "__main__":
    main()
