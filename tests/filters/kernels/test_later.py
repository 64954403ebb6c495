"""Modules of kernels load no compiler: the first call of a kernel does, and its compilation makes the tables."""

import subprocess
import sys

import numpy as np

from massivetext.filters.kernels.bits import ones
from massivetext.filters.kernels.kernel import borrowing_kernel
from massivetext.filters.kernels.later import Later

SQUARES = Later(lambda: np.arange(10) ** 2)


@borrowing_kernel
def _inner(place: int) -> int:
    return int(SQUARES[place])  # type: ignore[index]


@borrowing_kernel
def _outer(place: int, bits: np.uint64) -> int:
    return _inner(place) + ones(bits)


def test_a_kernel_sees_what_is_made_of_tables_kernels_and_instructions() -> None:
    assert _outer(7, np.uint64(0b1011)) == 49 + 3
    assert SQUARES.made is SQUARES.made, "made once"


def test_no_module_of_filters_loads_numba() -> None:
    script = (
        "import sys, massivetext.filters.compile, massivetext.filters.families\n"
        "assert not {'numba', 'llvmlite', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
