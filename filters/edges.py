"""Edges of the bins of histograms. They are fixed, so that histograms of any parts add up."""

import numpy as np
import numpy.typing as npt

Edges = npt.NDArray[np.float64]
"""Ascending; a value on an edge belongs to the bin above it, the highest to the last."""

COUNTS: Edges = np.unique(np.concatenate([[0.0], np.round(np.logspace(0, 6, 49))]))
SHARES: Edges = np.linspace(0, 1, 51)
