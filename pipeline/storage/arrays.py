"""Arrays in files that only the run itself reads, one for each partition."""

import hashlib
import io
import os
import posixpath
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.storage.sealed import DamagedError

Array = npt.NDArray[Any]  # an array of rows: a structured dtype
Pointers = npt.NDArray[np.uint64]
_HASH_BYTES = 16


def save(out: str, step: str, name: str, rows: Array) -> None:
    """Write rows as a .npy file of a step. Writes no file if there are no rows."""
    if len(rows):
        buffer = io.BytesIO()
        np.save(buffer, rows, allow_pickle=False)
        data = buffer.getvalue()
        files.write_bytes(out, layout.work(step, f"{name}.npy"), data + _hash(data))


def path(out: str, step: str, name: str) -> str:
    """Returns the path to which `save` writes."""
    return posixpath.join(out, layout.work(step, f"{name}.npy"))


def load(path: str) -> Array:
    """Read the rows of a file. Raises DamagedError if its bytes have changed since it was written."""
    whole = files.read_bytes(path)
    data, told = whole[:-_HASH_BYTES], whole[-_HASH_BYTES:]
    if told != _hash(data):
        raise DamagedError(path, "damaged: delete it, and the same command makes it again")
    rows: Array = np.load(io.BytesIO(data), allow_pickle=False)
    return rows


def hashed(path: str) -> str:
    """Returns the hash of its content that stands at the end of a file."""
    with files.open_read(path) as stream:
        stream.seek(-_HASH_BYTES, os.SEEK_END)
        return stream.read().hex()


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_HASH_BYTES).digest()


def saved(out: str, step: str, name: str) -> Iterator[str]:
    """Yields the paths of a step's arrays whose names match a glob, sorted."""
    for found, _ in files.match(path(out, step, name)):
        yield found
