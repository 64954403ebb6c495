"""Copies runs of tokens from one array to another. A mix moves all its tokens so, without an index for each token."""

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.kernel import borrowing_kernel


def copy(
    source: npt.NDArray[np.unsignedinteger],
    begins: npt.NDArray[np.int64],
    goal: npt.NDArray[np.unsignedinteger],
    places: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
) -> None:
    """goal[places[i] : places[i] + lengths[i]] = source[begins[i] : begins[i] + lengths[i]] for every run i.

    Raises ValueError if a run reaches beyond either array.
    """
    for array, starts, name in ((source, begins, "source"), (goal, places, "goal")):
        if len(starts) and not (starts.min() >= 0 and (starts + lengths).max() <= len(array)):
            raise ValueError(f"runs reach beyond the {name}'s {len(array)} tokens")
    _copy(source, begins, goal, places, lengths)


@borrowing_kernel
def _copy(
    source: np.ndarray, begins: np.ndarray, goal: np.ndarray, places: np.ndarray, lengths: np.ndarray
) -> None:
    for run in range(len(lengths)):
        begin, place = begins[run], places[run]
        for i in range(lengths[run]):
            goal[place + i] = source[begin + i]
