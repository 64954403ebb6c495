"""Picks: the documents that show best what a rule does, or how a group writes; the best of parts merge."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.report.groups import RowGroup

EACH = 2  # of a rule, source and kind

PICK = pa.schema(
    [
        pa.field("rule", pa.string(), nullable=False),  # or the group, of a member
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
    """A row of PICK but for its rule and kind; the first three are its rank."""

    score: float
    hash: int
    id: str
    value: float | None
    path: str
    group: int
    row: int


class Picks:
    """The EACH best documents of a part for every rule and kind: those of the lowest scores, then hashes."""

    def __init__(self) -> None:
        self._best: dict[tuple[str, str], list[_Pick]] = {}

    def add(
        self,
        group: RowGroup,
        hashes: npt.NDArray[np.uint64],
        rule: str,
        kind: str,
        scores: npt.NDArray[np.float64],
        values: npt.NDArray[np.float64] | None = None,
    ) -> None:
        """Take the best of a row group's rows; those whose score is infinite are none."""
        held = self._best.setdefault((rule, kind), [])
        worst = held[-1].score if len(held) == EACH else np.finfo(np.float64).max
        rows = np.flatnonzero(scores <= worst)
        if not len(rows):
            return
        rows = rows[np.lexsort((hashes[rows], scores[rows]))[:EACH]]
        found = [
            _Pick(
                float(scores[row]),
                int(hashes[row]),
                group.columns.column("id")[int(row)].as_py(),
                None if values is None else float(values[row]),
                group.path,
                group.number,
                int(row),
            )
            for row in rows
        ]
        held[:] = sorted([*held, *found], key=_rank)[:EACH]

    def table(self) -> pa.Table:
        """Rows of PICK, sorted by rule and kind, then from the best on."""
        rows = [
            {"rule": rule, "kind": kind, **pick._asdict()}
            for (rule, kind), picks in sorted(self._best.items())
            for pick in picks
        ]
        return pa.Table.from_pylist(rows, PICK)


def _rank(pick: _Pick) -> tuple[float, int, str]:
    return pick.score, pick.hash, pick.id


def best(picks: pa.Table) -> pa.Table:
    """The EACH best of every rule and kind among the picks of several parts."""
    keys = [("rule", "ascending"), ("kind", "ascending"), ("score", "ascending"), ("hash", "ascending")]
    picks = picks.sort_by([*keys, ("id", "ascending")])
    if picks.num_rows == 0:
        return picks
    names = pc.binary_join_element_wise(picks.column("rule"), picks.column("kind"), " ").to_numpy()
    starts = np.flatnonzero(np.concatenate([[True], names[1:] != names[:-1]]))
    rank = np.arange(len(names)) - np.repeat(starts, np.diff([*starts, len(names)]))
    return picks.filter(pa.array(rank < EACH))
