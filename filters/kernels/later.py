"""What only the compilation of a kernel needs: it is made when a kernel that names it is compiled.

So the modules of kernels are imported without numba, which takes half a second with what it imports, and a command
that calls no kernel never loads it.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """A value that is made when `made` is first read."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make

    @cached_property
    def made(self) -> T:
        return self._make()


class Instruction(Later[Callable[..., Any]]):
    """A machine instruction. numba must know it before the compilation of a kernel that names it begins."""


class Globals(dict[str, Any]):
    """The globals of a kernel as numba reads them: instead of a `Later`, what it makes."""

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        return value.made if isinstance(value, Later) else value
