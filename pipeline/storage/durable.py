"""Makes folders on a local disk that survive a loss of power, by syncing their names."""

import contextlib
import os
import posixpath


def make_folders(path: str) -> None:
    """Make a folder and its parents, and sync the name of each to the disk."""
    if not os.path.isdir(path):
        around = posixpath.dirname(path)
        if around not in ("", path):
            make_folders(around)
        os.makedirs(path, exist_ok=True)
        sync_folder(around or ".")


def sync_folder(path: str) -> None:
    """Sync the names in a folder to the disk."""
    with contextlib.suppress(OSError):  # some file systems cannot sync folders
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
