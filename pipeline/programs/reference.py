"""Writes the configuration's reference into a folder: python -m massivetext.pipeline.programs.reference docs."""

import json
import sys
from pathlib import Path

from massivetext.pipeline.config.reference import markdown, schema


def main() -> None:
    """Write configuration.md and configuration.schema.json into the folder that the first argument names."""
    folder = Path(sys.argv[1])
    (folder / "configuration.md").write_text(markdown())
    (folder / "configuration.schema.json").write_text(json.dumps(schema(), indent=1) + "\n")


if __name__ == "__main__":
    main()
