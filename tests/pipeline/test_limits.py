"""Machines that have too little, or know too few letters: a line that says what to do, not a traceback."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

TEXT = '{"text": "some words"}\n'


def command(folder: Path, *arguments: str, kilobytes: int | None = None, **variables: str) -> tuple[int, str]:
    """What a command says on standard error, and its status; `kilobytes` as by `ulimit -v`."""
    (folder / "c.yaml").write_text(
        "sources: {c4: {kind: text, paths: ['*.jsonl'], weight: 1}}\nmix: {tokens: 1}\n"
    )
    limit = kilobytes and (lambda: resource.setrlimit(resource.RLIMIT_AS, (kilobytes << 10, kilobytes << 10)))
    ran = subprocess.run(
        [sys.executable, "-m", "massivetext.pipeline.cli", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        preexec_fn=limit or None,
    )
    return ran.returncode, ran.stderr.decode("utf-8", "backslashreplace")


def test_a_file_name_that_is_no_text_is_refused_by_name(tmp_path: Path):
    (tmp_path / os.fsdecode(b"b\xff\x1b.jsonl")).write_text(TEXT)
    status, said = command(tmp_path, "check", "c.yaml")
    expected = "the name of the file b'./b\\xff\\x1b.jsonl' is not UTF-8: rename it"
    assert (status, said) == (2, f"massivetext: c.yaml, line 1: sources.c4.paths.0: {expected}\n")


@pytest.mark.parametrize(
    ("variables", "status", "said"),
    [
        ({"LC_ALL": "C"}, 0, ""),
        ({"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii"}, 0, ""),
        (
            {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            2,
            "is more than the locale knows: set LC_ALL=C.UTF-8",
        ),
    ],
)
def test_a_locale_without_letters(tmp_path: Path, variables: dict[str, str], status: int, said: str):
    (tmp_path / "naïve 世界.jsonl").write_text(TEXT)
    found, told = command(tmp_path, "check", "c.yaml", **variables)
    assert found == status, told
    assert said in told
    assert len(told.splitlines()) <= 1


def test_too_little_memory_to_start_is_a_line(tmp_path: Path):
    (tmp_path / "a.jsonl").write_text(TEXT)
    variables = {"OPENBLAS_NUM_THREADS": "1"}  # which else ends the process itself
    status, said = command(
        tmp_path, "run", "c.yaml", "--output", "o", "--direct_num_workers=1", kilobytes=450_000, **variables
    )
    assert status == 1
    assert said.startswith("massivetext: out of memory: use fewer workers")
    assert len(said.splitlines()) == 1
