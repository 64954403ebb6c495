"""Kernels that only borrow their arrays: they neither make nor return one.

Without arrays to own, no reference is counted, which is an atomic instruction for each array argument of each
call: functions called once a word run four times as fast.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from filters.kernel import compiled

P = ParamSpec("P")
R = TypeVar("R")


def borrowing_kernel(function: Callable[P, R]) -> Callable[P, R]:
    """`filters.kernel.kernel` for a function that only borrows its arrays."""
    return compiled(function, _nrt=False)


def inlined_kernel(function: Callable[P, R]) -> Callable[P, R]:
    """The same for a function of a few instructions: each call is replaced by them."""
    return compiled(function, _nrt=False, forceinline=True)
