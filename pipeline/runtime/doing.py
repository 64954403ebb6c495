"""What this process is working on, left in a file, so that the command can tell it of a worker that was killed."""

import contextlib
import os
from pathlib import Path

FOLDER = "MASSIVETEXT_DOING"  # the variable that names the folder; where it is not set, nothing is left
_LONGEST = 600  # characters

_now = ["", ""]  # the part, and the document


def works_on(part: str) -> None:
    """Note the part that this process begins."""
    _note(part, "")


def has_come_to(document: str) -> None:
    """Note the document, or the first of a few, that this process has come to in its part."""
    _note(_now[0], document)


def now() -> str:
    """What this process is working on."""
    return ", at ".join(each for each in _now if each)


def left(folder: str, process: int) -> str:
    """What a process was working on that left its notes in a folder."""
    with contextlib.suppress(OSError):
        return (Path(folder) / f"doing-{process}").read_text(errors="replace")
    return ""


def _note(part: str, document: str) -> None:
    _now[:] = part[:_LONGEST], document[:_LONGEST]
    if folder := os.environ.get(FOLDER):
        with contextlib.suppress(OSError):  # nothing depends on it
            (Path(folder) / f"doing-{os.getpid()}").write_text(now(), errors="backslashreplace")
