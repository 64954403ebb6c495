"""Writes what this process works on to a file, so that the command can name it if the process is killed."""

import contextlib
import os
from pathlib import Path

FOLDER = "MASSIVETEXT_DOING"  # the variable that names the folder; if it is not set, nothing is written
_LONGEST = 600  # characters

_now = ["", ""]  # the part, and the document


def works_on(part: str) -> None:
    """Write down the part that this process begins."""
    _note(part, "")


def has_come_to(document: str) -> None:
    """Write down the document, or the first of a few, that this process has come to in its part."""
    _note(_now[0], document)


def now() -> str:
    """Returns what this process works on."""
    return ", at ".join(each for each in _now if each)


def left(folder: str, process: int) -> str:
    """Returns what a process worked on, from its file in a folder."""
    with contextlib.suppress(OSError):
        return (Path(folder) / f"doing-{process}").read_text(errors="replace")
    return ""


def _note(part: str, document: str) -> None:
    _now[:] = part[:_LONGEST], document[:_LONGEST]
    if folder := os.environ.get(FOLDER):
        with contextlib.suppress(OSError):  # an error has no consequences
            path = Path(folder) / f"doing-{os.getpid()}"
            begun = path.with_suffix(".begun")
            begun.write_text(now(), errors="backslashreplace")
            begun.replace(path)  # a kill between leaves the note before
