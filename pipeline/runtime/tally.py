"""Counting what happens to documents, in figures that add up over parts."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.schemas.statistics import STATISTIC


class Row(NamedTuple):
    """One figure of one part, as its record stores it."""

    source: str
    figure: str
    key: str
    documents: int
    bytes: int
    tokens: int


class Tally:
    """Counts of documents, bytes and tokens by source, figure and key."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str], list[int]] = {}

    def add(
        self, source: str, figure: str, key: str = "", documents: int = 0, size: int = 0, tokens: int = 0
    ) -> None:
        counts = self._counts.setdefault((source, figure, key), [0, 0, 0])
        counts[0] += documents
        counts[1] += size
        counts[2] += tokens

    def add_selected(
        self,
        source: str,
        figure: str,
        key: str,
        selected: npt.NDArray[np.bool_],
        sizes: npt.NDArray[np.int64],
    ) -> None:
        """Count the selected documents of a batch; nothing is stored where none is selected."""
        if documents := int(np.count_nonzero(selected)):
            self.add(source, figure, key, documents, int(sizes[selected].sum()))

    def rows(self) -> list[Row]:
        """All counts, sorted, so that the same counts are the same rows."""
        return [Row(*key, *counts) for key, counts in sorted(self._counts.items())]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Tally":
        """The sum of the rows of any number of parts."""
        tally = cls()
        for row in rows:
            tally.add(row.source, row.figure, row.key, row.documents, row.bytes, row.tokens)
        return tally

    def count(self, source: str, figure: str, key: str = "") -> tuple[int, int, int]:
        """Documents, bytes and tokens of one figure; zeros where it was never counted."""
        documents, size, tokens = self._counts.get((source, figure, key), (0, 0, 0))
        return documents, size, tokens


def table(stage: str, rows: Iterable[Row]) -> pa.Table:
    """Rows of one stage as a table of STATISTIC."""
    return pa.Table.from_pylist([{"stage": stage, **row._asdict()} for row in rows], STATISTIC)
