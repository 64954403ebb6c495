"""Jaccard similarity of sets held as ascending arrays."""

import numpy as np

from massivetext.filters.kernels.kernel import borrowing_kernel


@borrowing_kernel
def jaccard(left: np.ndarray, right: np.ndarray) -> float:
    """|left ∩ right| / |left ∪ right| of two ascending arrays of distinct values; 0 if both are empty."""
    shared = _shared(left, right)
    union = len(left) + len(right) - shared
    return shared / union if union else 0.0


def jaccards(offsets: np.ndarray, values: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The Jaccard of each pair of rows (left[i], right[i]) of a `Shingles`: float64[len(left)]."""
    result = np.empty(len(left), np.float64)
    _jaccards(offsets, values, left, right, result)
    return result


@borrowing_kernel
def _jaccards(
    offsets: np.ndarray, values: np.ndarray, left: np.ndarray, right: np.ndarray, result: np.ndarray
) -> None:
    for pair in range(len(left)):
        a, b = left[pair], right[pair]
        result[pair] = jaccard(values[offsets[a] : offsets[a + 1]], values[offsets[b] : offsets[b + 1]])


@borrowing_kernel
def _shared(left: np.ndarray, right: np.ndarray) -> int:
    shared, at, other = 0, 0, 0
    while at < len(left) and other < len(right):
        # Without branches on the values: which is smaller cannot be predicted.
        shared += left[at] == right[other]
        step = left[at] <= right[other]
        other += left[at] >= right[other]
        at += step
    return shared
