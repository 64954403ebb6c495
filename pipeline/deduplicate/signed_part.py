"""Parts whose documents take part in deduplication, of this run and of earlier ones."""

import posixpath
from dataclasses import dataclass

from pipeline import layout
from pipeline.deduplicate import signatures
from pipeline.deduplicate.rows import Rank


@dataclass(frozen=True)
class SignedPart:
    """The item of a step over all of them; `part` tells them apart, in pointers too."""

    part: int
    rank: Rank
    source: str
    bytes: int  # of its file in documents/
    number: int  # within its own output
    earlier: int | None = None  # which of the outputs that are deduplicated against; None: the run's own
    folder: str | None = None  # that output

    def signatures(self, out: str) -> str:
        return posixpath.join(self.folder or out, signatures.path(self.number))

    def documents(self, out: str) -> str:
        return posixpath.join(self.folder or out, layout.documents(self.source, self.number))
