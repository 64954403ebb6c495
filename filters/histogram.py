"""Fixed bins for each measurement, so that histograms of any parts add up."""

import numpy as np
import numpy.typing as npt

from massivetext.schemas.measurement import CHARACTERS, MASKED

COUNT_EDGES = np.unique(np.concatenate([[0.0], np.round(np.logspace(0, 6, 49))]))
FRACTION_EDGES = np.linspace(0, 1, 51)  # a value on an edge belongs to the bin above it, 1 to the last

EDGES: dict[str, npt.NDArray[np.float64]] = {
    "word_count": COUNT_EDGES,
    "mean_word_length": np.linspace(0, 20, 41),
    "stop_word_count": np.arange(0.0, 10.0),
    "stop_word_occurrences": COUNT_EDGES,
    "maximum_line_length": COUNT_EDGES,
    "mean_line_length": np.linspace(0, 200, 41),
    "longest_encoded_run": COUNT_EDGES,
    **{field.name: COUNT_EDGES for schema in (CHARACTERS, MASKED) for field in schema},
}


def edges(column: str) -> npt.NDArray[np.float64]:
    """The edges of a column's bins; values beyond the outer ones are counted in the outer bins."""
    return EDGES.get(column, FRACTION_EDGES)


def bins(column: str, values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """The bin of each value; -1 where it is NaN (not measured)."""
    inner = edges(column)[1:-1]
    found = np.searchsorted(inner, values, side="right").astype(np.int64)
    return np.where(np.isnan(values), -1, found)
