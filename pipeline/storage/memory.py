"""Keeps small what this process holds of memory that it does not use."""

import contextlib
import ctypes

import pyarrow as pa

_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's malloc.h."""


def give_back() -> None:
    """Give back what Arrow and C's allocator keep for later. After a long document that is many times its size."""
    pa.default_memory_pool().release_unused()
    with contextlib.suppress(OSError, AttributeError):  # only glibc has malloc_trim
        ctypes.CDLL(None).malloc_trim(0)


def share_arenas() -> None:
    """Have all threads of this process, and of those that it forks, allocate from two arenas of C's allocator. It would
    make an arena for nearly each thread, and Beam has dozens: each arena keeps what its threads have freed."""
    with contextlib.suppress(OSError, AttributeError):  # only glibc has arenas
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)
