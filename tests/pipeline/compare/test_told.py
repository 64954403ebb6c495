"""A comparison on a terminal: names, settings, and what moved, within 80 columns."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from massivetext.pipeline.compare.runs import compare
from massivetext.pipeline.compare.told import tell


def told(here: Path, there: Path) -> str:
    console = Console(file=StringIO(), width=80)
    tell(compare(str(here), str(there)), console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_what_differs_is_told(little: Path, lenient: Path) -> None:
    shown = told(little, lenient)
    assert "documents kept by both: 1; only here: 0; only there: 1" in shown
    assert "quality.sources: ['gone'] (there [])" in shown
    rows = [line.split("│") for line in shown.splitlines() if line.startswith("│ gone")]
    assert any([cell.strip() for cell in row[1:6]] == ["gone", "quality", "3", "0", "+3"] for row in rows)
    assert max(map(len, shown.splitlines())) <= 80


def test_the_same_run_differs_in_nothing(little: Path) -> None:
    shown = told(little, little)
    assert "the same settings and versions" in shown
    assert shown.count("no difference") == 3
