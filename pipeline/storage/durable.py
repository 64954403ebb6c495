"""Folders of a local disk that stand after a loss of power, too: their names are synced."""

import contextlib
import os
import posixpath


def make_folders(path: str) -> None:
    """Make a folder and those around it, each known to the disk by its name."""
    if not os.path.isdir(path):
        around = posixpath.dirname(path)
        if around not in ("", path):
            make_folders(around)
        os.makedirs(path, exist_ok=True)
        sync_folder(around or ".")


def sync_folder(path: str) -> None:
    """Let the disk know the names in a folder."""
    with contextlib.suppress(OSError):  # some file systems know no such thing
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
