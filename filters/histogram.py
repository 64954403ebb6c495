"""Histograms of measurements: finds the bin that a value belongs to."""

import numpy as np
import numpy.typing as npt

from massivetext.filters.edges import COUNTS, SHARES, Edges
from massivetext.filters.families import FAMILIES
from massivetext.schemas.measurement import MASKED


def edges(column: str) -> Edges:
    """The edges of a column's bins. Values beyond the outer edges are counted in the outer bins."""
    if column in MASKED.names:
        return COUNTS
    for family in FAMILIES.values():
        if column in family.edges:
            return family.edges[column]
        if family.rewrite and column == family.taken_column:
            return COUNTS
    return SHARES


def bins(column: str, values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """The bin of each value; -1 for NaN (not measured)."""
    inner = edges(column)[1:-1]
    found = np.searchsorted(inner, values, side="right").astype(np.int64)
    return np.where(np.isnan(values), -1, found)
