"""Files of this repository that the documents name are there."""

import re
from pathlib import Path

import pytest

from tests.paths import ROOT

DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "benchmarks/README.md",
]
NAMED = re.compile(r"`((?:tests|pipeline|filters|schemas|examples|benchmarks|docker|docs)/[\w/-]+\.\w+)`")
MADE_UP = {
    "filters/families/shouting.py",
    "pipeline/read/kinds/subtitles.py",
    "tests/filters/families/test_shouting.py",
    "tests/pipeline/read/test_subtitles.py",
}
"""The files that docs/extending.md has its reader write."""


def missing(text: str) -> list[str]:
    return sorted({name for name in NAMED.findall(text) if not (ROOT / name).exists()} - MADE_UP)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_a_document_names_are_there(document: Path) -> None:
    assert missing(document.read_text()) == []


def test_a_file_that_is_gone_is_found() -> None:
    assert missing("see `docs/rules.md`, `pipeline/nothing.py` and `beam/io.py`") == ["pipeline/nothing.py"]
