"""The last transform of a grouping that finds documents: saves their pointers in the files of their parts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import apache_beam as beam
import numpy as np

from massivetext.pipeline.runtime.blocks import by_part, gather
from massivetext.pipeline.stages.deduplicate.part_pointers import save_pointers


@dataclass(eq=False)
class PointersByPart(beam.DoFn):
    """Saves the pointers to documents of each part under the step and a name. Yields the numbers of the parts."""

    out: str
    step: str
    name: str

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[int]:
        _, blocks = group
        pointers = np.sort(gather(blocks, np.dtype("u8")))
        for part, of_part in by_part(pointers, pointers):
            save_pointers(self.out, self.step, self.name, part, of_part)
            yield part
