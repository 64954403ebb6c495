"""The edges of the bins of histograms. They are fixed, so that the histograms of parts can be added up."""

import numpy as np
import numpy.typing as npt

Edges = npt.NDArray[np.float64]
"""In ascending order. A value on an edge belongs to the bin above it; on the highest edge, to the last bin."""

COUNTS: Edges = np.unique(np.concatenate([[0.0], np.round(np.logspace(0, 6, 49))]))
SHARES: Edges = np.linspace(0, 1, 51)
