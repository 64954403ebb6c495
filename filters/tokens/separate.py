"""Orders the sequences of a shard so that no two in a row hold parts of the same document."""

import numpy as np
import numpy.typing as npt

from massivetext.filters.kernels.kernel import kernel

REACH = 10_000
"""How many places away, on either side, a sequence may be that another one changes places with."""


def separate(first: npt.NDArray[np.int64], documents: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """The order of a shard's sequences: int64[n], a permutation.

    Sequence i holds documents[first[i] : first[i + 1]]; first is int64[n + 1]. A sequence that shares a document with
    the one before it changes places with another one, such that neither shares a document with a neighbour then. It
    takes the nearest such sequence after it, or else the nearest before it. If there is none within REACH, as in a
    shard that is mostly one document, it stays.
    """
    order = np.arange(len(first) - 1)
    _apart(first, documents, order, REACH)
    return order


@kernel
def _apart(first: np.ndarray, documents: np.ndarray, order: np.ndarray, reach: int) -> None:
    count = len(order)
    for place in range(1, count):
        if not _share(first, documents, order[place - 1], order[place]):
            continue
        for step in range(1, 2 * reach + 1):
            other = place + step if step <= reach else place - (step - reach)
            if other < 0 or other >= count:
                continue
            order[place], order[other] = order[other], order[place]
            if not (
                _has_relative(first, documents, order, place) or _has_relative(first, documents, order, other)
            ):
                break
            order[place], order[other] = order[other], order[place]


@kernel
def _has_relative(first: np.ndarray, documents: np.ndarray, order: np.ndarray, place: int) -> bool:
    """Whether the sequence at a place shares a document with one beside it."""
    before = place > 0 and _share(first, documents, order[place - 1], order[place])
    return before or (place + 1 < len(order) and _share(first, documents, order[place], order[place + 1]))


@kernel
def _share(first: np.ndarray, documents: np.ndarray, one: int, other: int) -> bool:
    for at in range(first[one], first[one + 1]):
        for of_other in range(first[other], first[other + 1]):
            if documents[at] == documents[of_other]:
                return True
    return False
