"""Machines that have too little, or know too few letters: a line that says what to do, not a traceback."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from massivetext.pipeline.runtime.out_of_memory import is_out_of_memory
from tests.paths import ROOT

TEXT = '{"text": "some words"}\n'


def command(folder: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """What a command says on standard error, and its status."""
    (folder / "c.yaml").write_text(
        "sources: {c4: {kind: text, paths: ['*.jsonl'], weight: 1}}\nmix: {tokens: 1}\n"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "massivetext.pipeline.cli", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
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
            "this locale cannot hold the name of the file",
        ),
    ],
)
def test_a_locale_without_letters(tmp_path: Path, variables: dict[str, str], status: int, said: str):
    (tmp_path / "naïve 世界.jsonl").write_text(TEXT)
    found, told = command(tmp_path, "check", "c.yaml", **variables)
    assert found == status, told
    assert said in told
    assert len(told.splitlines()) <= 1


LITTLE = """\
import resource
from massivetext.pipeline.cli import main

used = next(int(line.split()[1]) << 10 for line in open("/proc/self/status") if line.startswith("VmSize"))
resource.setrlimit(resource.RLIMIT_AS, (used + (40 << 20),) * 2)
main(["run", "c.yaml", "--output", "o", "--direct_num_workers=1"])
"""


def test_too_little_memory_is_a_line(tmp_path: Path):
    """As `ulimit -v` leaves: what a run imports does not fit."""
    command(tmp_path, "--version")  # writes the configuration
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", LITTLE], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 1
    assert ran.stderr.startswith("massivetext: out of memory: use fewer workers")
    assert len(ran.stderr.splitlines()) == 1


def test_too_little_memory_for_workers_is_a_line(tmp_path: Path):
    """With 1.5 GB they come, but cannot start their threads. The command does not wait for these at its end."""
    (tmp_path / "a.jsonl").write_text(TEXT)
    command(tmp_path, "--version")  # writes the configuration
    limited = 'ulimit -v 1500000; exec "$0" -m massivetext.pipeline.cli run c.yaml --output o --direct_num_workers=2'
    ran = subprocess.run(
        ["bash", "-c", limited, sys.executable],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert "out of memory: use fewer workers" in ran.stderr
    assert len(ran.stderr.splitlines()) <= 4


@pytest.mark.parametrize(
    ("error", "is_memory"),
    [
        (MemoryError(), True),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), True),
        (ImportError("a.so: failed to map segment from shared object"), True),
        (RuntimeError("can't start new thread"), True),
        (SystemError("error return without exception set"), True),
        (ImportError("No module named a"), False),
        (OSError(errno.ENOSPC, "No space left on device"), False),
    ],
)
def test_what_says_that_memory_is_gone(error: Exception, is_memory: bool):
    wrapped = ValueError("in a library")
    wrapped.__cause__ = error
    assert (is_out_of_memory(error), is_out_of_memory(wrapped)) == (is_memory, is_memory)
