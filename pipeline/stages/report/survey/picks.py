"""Picks: the documents that best show what a rule does or how a group writes. Picks of several parts can be merged."""

from collections import defaultdict
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from massivetext.pipeline.stages.report.documents.stretch import Place, Stretch

EACH = 2  # documents for each rule, source and kind

PICK = pa.schema(
    [
        pa.field("rule", pa.string(), nullable=False),  # or the group that a member belongs to
        pa.field("kind", pa.string(), nullable=False),  # random | outside | inside; {kept | removed}_member
        pa.field("score", pa.float64(), nullable=False),
        pa.field("hash", pa.uint64(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("path", pa.string(), nullable=False),  # within OUT
        pa.field("group", pa.int32(), nullable=False),  # the row group, and the row in it
        pa.field("row", pa.int32(), nullable=False),
    ]
)


class _Pick(NamedTuple):
    """A row of PICK without its rule and kind. The first three fields are its rank."""

    score: float
    hash: int
    id: str
    value: float | None
    place: Place


class Picks:
    """The EACH best documents of a part for every rule and kind: those of the lowest scores, then the lowest hashes."""

    def __init__(self) -> None:
        self._best: defaultdict[tuple[str, str], list[_Pick]] = defaultdict(list)

    def add(
        self,
        stretch: Stretch,
        hashes: npt.NDArray[np.uint64],
        rule: str,
        kind: str,
        scores: npt.NDArray[np.float64],
        values: npt.NDArray[np.float64] | None = None,
    ) -> None:
        """Take the best of a stretch's rows. Rows with an infinite score are never taken."""
        held = self._best[rule, kind]
        worst = held[-1].score if len(held) == EACH else np.finfo(np.float64).max
        rows = np.flatnonzero(scores <= worst)
        if not len(rows):
            return
        rows = rows[np.lexsort((hashes[rows], scores[rows]))[:EACH]]
        found = [
            _Pick(
                float(scores[row]),
                int(hashes[row]),
                stretch.columns.column("id")[int(row)].as_py(),
                None if values is None else float(values[row]),
                stretch.place(int(row)),
            )
            for row in rows
        ]
        held[:] = _ranked([*held, *found])

    def merge(self, other: "Picks") -> None:
        """Take the best of these picks and those of another part."""
        for key, picks in other._best.items():
            self._best[key] = _ranked([*self._best[key], *picks])

    @classmethod
    def of(cls, table: pa.Table) -> "Picks":
        """The picks whose rows `table` holds."""
        found = cls()
        for row in table.to_pylist():
            place = Place(row["path"], row["group"], row["row"])
            pick = _Pick(row["score"], row["hash"], row["id"], row["value"], place)
            found._best[row["rule"], row["kind"]].append(pick)
        return found

    def table(self) -> pa.Table:
        """Rows of PICK, sorted by rule and kind, then from the best on."""
        rows = [
            {"rule": rule, "kind": kind, **pick._asdict(), **pick.place._asdict()}
            for (rule, kind), picks in sorted(self._best.items())
            for pick in picks
        ]
        return pa.Table.from_pylist(rows, PICK)


def _ranked(picks: list[_Pick]) -> list[_Pick]:
    return sorted(picks, key=lambda pick: (pick.score, pick.hash, pick.id))[:EACH]
