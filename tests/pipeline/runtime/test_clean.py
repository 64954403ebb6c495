"""What is shown on a terminal cannot steer it."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

from massivetext.pipeline.runtime.clean import clean
from massivetext.pipeline.runtime.terminal import Terminal
from tests.paths import ROOT

OSC_52 = "\x1b]52;c;cm0gLXJm\x07"  # puts a command on the clipboard
STEERING = f"{OSC_52}\x9b2J\r\b\u202egnp.exe\u2066\u200f\u061c"


def is_clean(shown: str) -> bool:
    return not set(shown) & set("\x1b\x07\x9b\r\b\u202e\u2066\u200f\u061c")


def test_words_stay_as_they_are():
    assert clean("naïve\tשלום 世界 👩‍💻\n") == "naïve\tשלום 世界 👩‍💻\n"
    assert is_clean(clean(STEERING))


def test_all_that_a_terminal_renders_is_cleaned():
    file = io.StringIO()
    terminal = Terminal(file=file, width=200)
    table = Table()
    table.add_column(STEERING, no_wrap=True)
    table.add_row(STEERING)
    terminal.print(STEERING, Text(STEERING), table)
    terminal.rule(STEERING)
    terminal.print(Text(STEERING), soft_wrap=True)
    assert is_clean(file.getvalue())
    assert file.getvalue().count("gnp") == 6


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_file_name_in_an_error_is_cleaned(tmp_path: Path, command: str):
    """The name of a file that cannot be read, in an error and in log lines."""
    (tmp_path / f"{OSC_52}.jsonl").write_text("no JSON\n")
    (tmp_path / "c.yaml").write_text(
        "sources: {c4: {kind: text, paths: ['*.jsonl'], weight: 1}}\nmix: {tokens: 1}\n"
    )
    arguments = [sys.executable, "-m", "massivetext.pipeline.cli", command, "c.yaml"]
    where = ["--output", "o", "--direct_num_workers=1"] if command == "run" else []
    environment = {"PYTHONPATH": str(ROOT), "LC_ALL": "C"}
    ran = subprocess.run([*arguments, *where], cwd=tmp_path, capture_output=True, env=environment)
    assert ran.returncode == 2
    assert b"]52;c;" in ran.stderr
    assert not set(ran.stderr) & set(b"\x1b\x07")


def test_log_lines_are_cleaned():
    script = (
        "import logging; from massivetext.pipeline.cli import main\n"
        "try: main(['check', 'nowhere'])\nexcept SystemExit: pass\n"
        f"logging.error({STEERING!r})"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert "gnp.exe" in ran.stderr
    assert is_clean(ran.stderr)
