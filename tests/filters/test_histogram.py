"""Fixed bins: every value has one, and edges belong to the bin above."""

import numpy as np
import pytest

from massivetext.filters.histogram import bins, edges
from massivetext.schemas.measurement import MEASUREMENT


@pytest.mark.parametrize("column", MEASUREMENT.names)
def test_edges_ascend(column: str):
    assert (np.diff(edges(column)) > 0).all()


def test_values_on_and_beyond_edges():
    values = np.array([0.0, 0.0199, 0.02, 0.98, 1.0, 7.0, -1.0, np.nan])
    assert bins("hash_ratio", values).tolist() == [0, 0, 1, 49, 49, 49, 0, -1]
