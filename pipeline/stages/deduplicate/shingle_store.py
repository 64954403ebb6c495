"""Stores the sets of shingles of candidates in files, from which any one set can be read by itself."""

import functools
from dataclasses import dataclass, field
from itertools import pairwise
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from massivetext.filters.similarity.jaccard import jaccards
from massivetext.filters.similarity.shingle import Shingle
from massivetext.filters.similarity.shingles import Shingles, shingles
from massivetext.pipeline.runtime.blocks import part_of, row_of
from massivetext.pipeline.runtime.tally import Tally
from massivetext.pipeline.stages.deduplicate import buckets
from massivetext.pipeline.stages.deduplicate.signed_part import SignedPart
from massivetext.pipeline.storage import arrays, files, layout, parquet
from massivetext.pipeline.storage.arrays import Array, Pointers
from massivetext.pipeline.storage.output import Output

STEP = "deduplicate/shingles"


PLACE = np.dtype([("part", "i8"), ("start", "i8"), ("size", "i8")])
"""The place of a set: the part whose file holds it, the number of its first value there, and how many it has."""

_BYTES_AT_ONCE = 32 << 20  # of sets in memory, and one more set


def _values(part: int) -> str:
    return layout.work(STEP, f"values-{part:05d}.u64")


def _index(part: int) -> str:
    return layout.work(STEP, f"index-{part:05d}.u64")


@dataclass(frozen=True)
class StoreShingles:
    """Works on one part of documents/: writes the concatenated sets of its candidates, and the place of each."""

    out: str = field(repr=False)
    shingle: Shingle

    def __call__(self, item: SignedPart, output: Output) -> Tally:
        chosen = self._candidates(item)
        if not chosen:
            return Tally()
        rows = row_of(np.unique(np.concatenate([arrays.load(path) for path in chosen])))
        sizes = [np.zeros(1, np.int64)]
        with output.file(_values(item.part)) as stream:
            stand = item.document_rows(self.out)[rows]
            for batch in parquet.rows(item.documents_path(self.out), ["text"], stand):
                found = shingles(batch, self.shingle)
                sizes.append(np.diff(found.offsets))
                stream.write(found.values)
        with output.file(_index(item.part)) as stream:
            stream.write(np.stack([np.append(rows, -1), np.cumsum(np.concatenate(sizes))]))
        return Tally()

    def _candidates(self, item: SignedPart) -> list[str]:
        return list(arrays.saved(self.out, buckets.STEP, f"{buckets.CANDIDATES}-{item.part:05d}"))

    def reads(self, item: SignedPart) -> object:
        return item.part, item.holds, list(map(arrays.hashed, self._candidates(item)))


class ShingleStore:
    """Reads sets by pointer. It caches the indexes and open files of the parts that were used last."""

    def __init__(self, out: str) -> None:
        self._out = out
        self._index = functools.lru_cache(maxsize=1024)(self._read_index)
        self._stream = functools.lru_cache(maxsize=64)(self._open)

    def _read_index(self, part: int) -> npt.NDArray[np.int64]:
        index = np.frombuffer(files.read_bytes(f"{self._out}/{_index(part)}"), np.int64)
        return index.reshape(2, -1)

    def _open(self, part: int) -> BinaryIO:
        return files.open_ranges(f"{self._out}/{_values(part)}")

    def jaccards(self, leaders: Pointers, pointers: Pointers) -> npt.NDArray[np.float64]:
        """Returns the Jaccard of each pair. Pairs of one leader must be neighbours, so that its set is read once."""
        led_by, places = self._places(leaders), self._places(pointers)
        is_new = np.concatenate([[True], leaders[1:] != leaders[:-1]])[: len(leaders)]
        taken = 8 * np.cumsum(places.size + np.where(is_new, led_by.size, 0))
        ends = np.flatnonzero(np.diff(taken // _BYTES_AT_ONCE)) + 1
        found = [
            self._jaccards(led_by[start:end], places[start:end])
            for start, end in pairwise([0, *ends.tolist(), len(leaders)])
        ]
        return np.concatenate(found)

    def _jaccards(self, led_by: Array, places: Array) -> npt.NDArray[np.float64]:
        leaders, left = np.unique(led_by, return_inverse=True)
        sets = self._read(np.concatenate([leaders, places]))
        return jaccards(sets.offsets, sets.values, left, np.arange(len(leaders), len(sets.offsets) - 1))

    def _places(self, pointers: Pointers) -> Array:
        part, row = part_of(pointers), row_of(pointers)
        places = np.empty(len(pointers), PLACE)
        places["part"] = part
        for number in np.unique(part):
            here = part == number
            rows, starts = self._index(int(number))
            at = np.searchsorted(rows[:-1], row[here])
            places["start"][here], places["size"][here] = starts[at], starts[at + 1] - starts[at]
        return places

    def _read(self, places: Array) -> Shingles:
        """Returns the sets at these places. Neighbouring sets are read in one go."""
        offsets = np.concatenate([[0], np.cumsum(places["size"])])
        values = np.empty(int(offsets[-1]), np.uint64)
        part, start, end = places["part"], places["start"], places["start"] + places["size"]
        follows = (part[1:] == part[:-1]) & (start[1:] == end[:-1])
        starts = np.flatnonzero(np.concatenate([[True], ~follows]))
        for first, last in zip(starts, [*starts[1:], len(follows) + 1], strict=True):
            stream = self._stream(int(part[first]))
            stream.seek(8 * int(start[first]))
            size = 8 * int(offsets[last] - offsets[first])
            values[offsets[first] : offsets[last]] = np.frombuffer(stream.read(size), np.uint64)
        return Shingles(offsets, values)
