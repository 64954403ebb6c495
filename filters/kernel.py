"""The one way kernels are compiled: to machine code that is cached, and never stale."""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")

_IMPORT = re.compile(r"^from (filters(?:\.\w+)+) import|^from filters import (\w+)", re.MULTILINE)


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of numpy arrays and scalars to machine code.

    Kernels release the GIL and do not check bounds: callers size the arrays.
    """
    return compiled(function)


def compiled(function: Callable[P, R], **options: Any) -> Callable[P, R]:
    """Compile a function with further options of `numba.njit`.

    numba caches a function by its own file alone, though the code of kernels from other files is compiled into
    it. So each cache lies in a folder named after the source of all that the function's file imports.
    """
    cast(Any, numba.config).CACHE_DIR = str(_cache_folder() / _fingerprint(function.__module__))
    return cast(Callable[P, R], numba.njit(nogil=True, cache=True, **options)(function))


@cache
def _cache_folder() -> Path:
    """Beside the source where that can be written, as in a container's build; else in the user's cache."""
    beside = Path(__file__).parent / "__pycache__"
    if os.access(beside if beside.exists() else beside.parent, os.W_OK):
        return beside / "kernels"
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    if os.access(home if home.exists() else home.parent, os.W_OK):
        return home / "massivetext"
    return Path(tempfile.gettempdir()) / f"massivetext-kernels-{os.getuid()}"


@cache
def _fingerprint(module: str) -> str:
    """The hash of a module's source and of all modules of this package that it imports."""
    found: dict[str, bytes] = {}
    rest = [module]
    while rest:
        name = rest.pop()
        path = Path(__file__).parent.joinpath(*name.split(".")[1:]).with_suffix(".py")
        if name in found or not path.exists():
            continue
        found[name] = path.read_bytes()
        for inner, short in _IMPORT.findall(found[name].decode()):
            rest.append(inner or f"filters.{short}")
    digest = hashlib.sha256(repr(sorted(found.items())).encode())
    return digest.hexdigest()[:16]
