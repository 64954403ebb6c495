"""Arrays in files that only a run itself reads, one a partition."""

import io
import posixpath
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from massivetext.pipeline.storage import files, layout

Array = npt.NDArray[Any]  # of rows: a structured dtype
Pointers = npt.NDArray[np.uint64]


def save(out: str, step: str, name: str, rows: Array) -> None:
    """Write rows as a .npy file of a step; none where there are no rows."""
    if len(rows):
        buffer = io.BytesIO()
        np.save(buffer, rows, allow_pickle=False)
        files.write_bytes(out, layout.work(step, f"{name}.npy"), buffer.getvalue())


def path(out: str, step: str, name: str) -> str:
    """Where `save` writes."""
    return posixpath.join(out, layout.work(step, f"{name}.npy"))


def load(path: str) -> Array:
    rows: Array = np.load(io.BytesIO(files.read_bytes(path)), allow_pickle=False)
    return rows


def saved(out: str, step: str, name: str) -> Iterator[str]:
    """The paths of a step's arrays whose names match a glob, sorted."""
    for found, _ in files.match(path(out, step, name)):
        yield found
