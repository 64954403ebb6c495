"""The parts whose documents are deduplicated: those of this run and of earlier ones."""

import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from massivetext.pipeline.runtime import candidates
from massivetext.pipeline.runtime.blocks import pointers
from massivetext.pipeline.stages.deduplicate import signatures
from massivetext.pipeline.stages.deduplicate.part_pointers import load_pointers
from massivetext.pipeline.stages.deduplicate.rows import Rank
from massivetext.pipeline.storage import layout, parquet
from massivetext.pipeline.storage.arrays import Pointers


@dataclass(frozen=True)
class SignedPart:
    """The item of a step over all these parts. `part` is unique among them, and is the part in pointers."""

    part: int
    rank: Rank
    source: str
    bytes: int = field(repr=False)  # of its texts
    holds: str  # a hash of its documents, and of which of them are deduplicated
    number: int  # its part in its own output
    earlier: int | None = None  # the number of the earlier output that holds it; None: this run
    folder: str | None = field(default=None, repr=False)  # the folder of that output

    def signatures(self, out: str) -> str:
        return posixpath.join(self.folder or out, signatures.path(self.number))

    def documents(self, out: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yields columns of the documents that have signatures, in the same order."""
        return candidates.kept(self.folder or out, self.source, self.number, columns)

    def document_rows(self, out: str) -> npt.NDArray[np.int64]:
        """Returns the rows of these documents in the part's file of documents/."""
        return candidates.kept_rows(self.folder or out, self.source, self.number)

    def documents_path(self, out: str) -> str:
        return posixpath.join(self.folder or out, layout.documents(self.source, self.number))

    def batches(self, out: str, columns: Sequence[str]) -> Iterator[tuple[Pointers, pa.RecordBatch]]:
        """Yields pointers to documents and columns of their signatures. Omits documents that the earlier run
        removed, and captures that a newer one of this run supersedes."""
        older = superseded(out, self.part) if self.rank is Rank.OWN else np.empty(0, np.uint64)
        for stand, batch in self.signed(out, columns):
            stays = ~np.isin(stand, older)
            yield stand[stays], batch.filter(pa.array(stays)) if len(older) else batch

    def signed(self, out: str, columns: Sequence[str]) -> Iterator[tuple[Pointers, pa.RecordBatch]]:
        """Yields pointers to documents and columns of their signatures. Omits those that the earlier run removed."""
        return self._present(columns, lambda names: parquet.batches(self.signatures(out), names))

    def present(self, out: str, columns: Sequence[str]) -> Iterator[tuple[Pointers, pa.RecordBatch]]:
        """Yields pointers to documents and columns of these. Omits those that the earlier run removed."""
        return self._present(columns, lambda names: self.documents(out, names))

    def _present(
        self, columns: Sequence[str], read: Callable[[Sequence[str]], Iterator[pa.RecordBatch]]
    ) -> Iterator[tuple[Pointers, pa.RecordBatch]]:
        gone = candidates.duplicates(self.folder, self.number) if self.folder else None
        first = 0
        for batch in read(columns if gone is None else ["id", *columns]):
            stand = pointers(self.part, np.arange(first, first + batch.num_rows))
            first += batch.num_rows
            if gone is not None:
                stays = pc.invert(pc.is_in(batch.column("id"), gone))
                batch, stand = batch.filter(stays), stand[stays.to_numpy(zero_copy_only=False)]
            yield stand, batch


@dataclass(frozen=True)
class SignedParts:
    """The element of a grouping: some parts, whose rows together fill blocks."""

    parts: tuple[SignedPart, ...]


CAPTURES = "deduplicate/captures"
"""The step that finds captures for which there is a newer one."""

SUPERSEDED = "superseded"  # the pointers of such captures, by part


def superseded(out: str, part: int) -> Pointers:
    """Returns the pointers of a part's documents that are older captures of a page, ascending."""
    return load_pointers(out, CAPTURES, SUPERSEDED, part)
