"""The heap on which merges wait: the lowest rank first, and of equals the leftmost. An entry is rank << 32 | place."""

import numpy as np

from massivetext.filters.kernels.kernel import inlined_kernel


@inlined_kernel
def push(heap: np.ndarray, waiting: int, rank: int, place: int) -> int:
    """Put the merge at a place, if it has a rank (0 or more), on the heap of `waiting` entries. Returns the new number
    of entries."""
    if rank < 0:
        return waiting
    entry = rank << 32 | place
    at = waiting
    while at and heap[(at - 1) >> 1] > entry:
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
    heap[at] = entry
    return waiting + 1


@inlined_kernel
def pop(heap: np.ndarray, waiting: int) -> int:
    """Take the smallest entry off the heap. Returns the new number of entries."""
    waiting -= 1
    entry = heap[waiting]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= waiting:
            break
        if child + 1 < waiting and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= entry:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = entry
    return waiting
