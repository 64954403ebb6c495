import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.similarity.jaccard import jaccard, jaccards

SETS = st.lists(st.sets(st.integers(0, 12) | st.integers(2**64 - 3, 2**64 - 1)), min_size=1, max_size=5)


@settings(deadline=None)  # the first call compiles
@given(SETS)
def test_every_pair_against_python_sets(rows: list[set[int]]) -> None:
    values = np.array([value for row in rows for value in sorted(row)], np.uint64)
    offsets = np.cumsum([0, *map(len, rows)])
    left, right = (axis.ravel() for axis in np.indices((len(rows), len(rows))))
    expected = [
        len(rows[a] & rows[b]) / len(rows[a] | rows[b]) if rows[a] | rows[b] else 0.0
        for a, b in zip(left, right, strict=True)
    ]
    assert jaccards(offsets, values, left, right).tolist() == expected
    assert jaccard(values[: offsets[1]], values[offsets[-2] :]) == expected[len(rows) - 1]


def test_no_pairs() -> None:
    none = np.empty(0, np.int64)
    assert jaccards(np.array([0, 1]), np.array([1], np.uint64), none, none).tolist() == []
