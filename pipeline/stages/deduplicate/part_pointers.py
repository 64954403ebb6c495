"""Saves and loads the pointers of documents that a step found, in a file for each part."""

import numpy as np

from massivetext.pipeline.storage import arrays
from massivetext.pipeline.storage.arrays import Pointers


def save_pointers(out: str, step: str, name: str, part: int, pointers: Pointers) -> None:
    """Save the pointers to documents of a part under a step and a name. They must be ascending."""
    arrays.save(out, step, _file(name, part), pointers)


def load_pointers(out: str, step: str, name: str, part: int) -> Pointers:
    """Returns the pointers that were saved for a part; none if nothing was saved or the step did not run."""
    found = list(arrays.saved(out, step, _file(name, part)))
    return arrays.load(found[0]) if found else np.empty(0, np.uint64)


def _file(name: str, part: int) -> str:
    return f"{name}-{part:05d}"
