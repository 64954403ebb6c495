"""Pointers of documents that a step found, in a file for each part of these documents."""

import numpy as np

from massivetext.pipeline.storage import arrays
from massivetext.pipeline.storage.arrays import Pointers


def save_pointers(out: str, step: str, name: str, part: int, pointers: Pointers) -> None:
    """Save the pointers into a part, ascending, under a step and a name."""
    arrays.save(out, step, _file(name, part), pointers)


def load_pointers(out: str, step: str, name: str, part: int) -> Pointers:
    """What was saved for a part; none where nothing was, or the step did not run."""
    found = list(arrays.saved(out, step, _file(name, part)))
    return arrays.load(found[0]) if found else np.empty(0, np.uint64)


def _file(name: str, part: int) -> str:
    return f"{name}-{part:05d}"
