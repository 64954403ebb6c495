"""Tables for look-ups at random start at a cache line, or at a huge page."""

import numpy as np
import pytest

from massivetext.filters.kernels.aligned import table


@pytest.mark.parametrize(("entries", "boundary"), [(3, 64), (1 << 12, 64), (1 << 19, 1 << 21)])
@pytest.mark.parametrize("fill", [0, 7])
def test_a_table_starts_at_a_boundary(entries: int, boundary: int, fill: int) -> None:
    made = table(entries, np.uint64, fill)
    assert made.ctypes.data % boundary == 0
    assert made.dtype == np.uint64
    assert made.tolist() == [fill] * entries
