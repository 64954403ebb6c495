"""Gives memory back to the operating system that this process holds but no longer uses."""

import contextlib
import ctypes

import pyarrow as pa


def give_back() -> None:
    """Give back what Arrow and C's allocator keep for later. After a long document that is many times its size."""
    pa.default_memory_pool().release_unused()
    with contextlib.suppress(OSError, AttributeError):  # only glibc has malloc_trim
        ctypes.CDLL(None).malloc_trim(0)
