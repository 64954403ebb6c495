"""Private folders in the temporary directory, where another user may have made a folder of the same name first."""

import os
import stat
from pathlib import Path


class UnsafeFolderError(OSError):
    """A folder that another user could have written to."""


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner may enter. Raises UnsafeFolderError if it exists and others have access to it.

    The files in it are trusted: caches of kernels hold pickles, which run code when they are loaded.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    of = path.lstat()
    if stat.S_ISLNK(of.st_mode):
        wrong = "is a link"
    elif of.st_uid != os.getuid():
        wrong = "belongs to another user"
    elif of.st_mode & 0o077:
        wrong = "is open to other users"
    else:
        return path
    raise UnsafeFolderError(f"{path} {wrong}: delete it, or set TMPDIR to a folder of your own")
