"""The sets of shingles of candidates, in files from which any one can be read alone."""

import functools
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from filters.shingles import shingles
from pipeline import files, layout, parquet
from pipeline.deduplicate import buckets
from pipeline.deduplicate.signed_part import SignedPart
from pipeline.grouping import arrays
from pipeline.grouping.blocks import row_of
from pipeline.parts import Output
from pipeline.tally import Tally

STEP = "deduplicate/shingles"

Set = npt.NDArray[np.uint64]


def _values(part: int) -> str:
    return layout.work(STEP, f"values-{part:05d}.u64")


def _index(part: int) -> str:
    return layout.work(STEP, f"index-{part:05d}.u64")


@dataclass(frozen=True)
class Shingle:
    """Works on one part of documents/: the sets of its candidates, concatenated, and where each one lies."""

    out: str
    shingle: int

    def __call__(self, item: SignedPart, output: Output) -> Tally:
        chosen = list(arrays.saved(self.out, buckets.STEP, f"{buckets.CANDIDATES}-{item.part:05d}"))
        if not chosen:
            return Tally()
        rows = row_of(arrays.load(chosen[0]))  # ascending
        sizes = [np.zeros(1, np.int64)]
        with output.file(_values(item.part)) as stream:
            for batch in parquet.rows(item.documents(self.out), ["text"], rows):
                found = shingles(batch, self.shingle)
                sizes.append(np.diff(found.offsets))
                stream.write(found.values)
        with output.file(_index(item.part)) as stream:
            stream.write(np.stack([np.append(rows, -1), np.cumsum(np.concatenate(sizes))]))
        return Tally()


class ShingleStore:
    """Reads sets by pointer; indexes and streams of the parts used last are kept open."""

    def __init__(self, out: str) -> None:
        self._out = out
        self._open = functools.lru_cache(maxsize=64)(self._open_part)

    def _open_part(self, part: int) -> tuple[npt.NDArray[np.int64], BinaryIO]:
        index = np.frombuffer(files.read_bytes(f"{self._out}/{_index(part)}"), np.int64).reshape(2, -1)
        return index, files.open_ranges(f"{self._out}/{_values(part)}")

    def get(self, pointer: int) -> Set:
        """The sorted distinct shingles of a document."""
        index, stream = self._open(pointer >> 32)
        at = int(np.searchsorted(index[0, :-1], pointer & 0xFFFFFFFF))
        start, end = int(index[1, at]), int(index[1, at + 1])
        stream.seek(8 * start)
        return np.frombuffer(stream.read(8 * (end - start)), np.uint64)
