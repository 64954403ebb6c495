"""Runs copied from array to array."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.kernels.runs import copy


@pytest.mark.parametrize("dtype", [np.uint16, np.uint32])
@given(data=st.data())
@settings(deadline=None)
def test_runs_land_where_they_should(dtype: type, data: st.DataObject) -> None:
    source = np.arange(1, 41, dtype=dtype)
    source.flags.writeable = data.draw(st.booleans())  # as Arrow's buffers are not
    lengths = np.array(data.draw(st.lists(st.integers(0, 8), max_size=5)), np.int64)
    begins = np.array([data.draw(st.integers(0, 40 - length)) for length in lengths], np.int64)
    places = np.cumsum(lengths) - lengths
    goal = np.zeros(int(lengths.sum()) + 3, dtype)
    copy(source, begins, goal, places, lengths)
    runs = [source[begin : begin + length] for begin, length in zip(begins, lengths, strict=True)]
    assert goal.tolist() == [*np.concatenate([[], *runs]).tolist(), 0, 0, 0]


@pytest.mark.parametrize(("begin", "place"), [(3, 0), (-1, 0), (0, 3), (0, -1)])
def test_runs_beyond_an_array_are_an_error(begin: int, place: int) -> None:
    source, goal = np.arange(4, dtype=np.uint16), np.zeros(4, np.uint16)
    with pytest.raises(ValueError, match=r"runs reach beyond the (source|goal)'s 4 tokens"):
        copy(source, np.array([begin]), goal, np.array([place]), np.array([2]))
