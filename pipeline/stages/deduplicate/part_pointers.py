"""Pointers of documents that a step found, in a file for each part of these documents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import apache_beam as beam
import numpy as np

from massivetext.pipeline.runtime.blocks import by_part, gather
from massivetext.pipeline.storage import arrays
from massivetext.pipeline.storage.arrays import Pointers


@dataclass(eq=False)
class SavePointers(beam.DoFn):
    """Saves the pointers into each part, ascending, under the step and a name."""

    out: str
    step: str
    name: str

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[int]:
        _, blocks = group
        pointers = np.sort(gather(blocks, np.dtype("u8")))
        for part, of_part in by_part(pointers, pointers):
            arrays.save(self.out, self.step, _file(self.name, part), of_part)
            yield part


def load_pointers(out: str, step: str, name: str, part: int) -> Pointers:
    """What was saved for a part; none where nothing was, or the step did not run."""
    found = list(arrays.saved(out, step, _file(name, part)))
    return arrays.load(found[0]) if found else np.empty(0, np.uint64)


def _file(name: str, part: int) -> str:
    return f"{name}-{part:05d}"
