"""Compiles kernels to machine code. The code is cached, and the cache is never stale."""

import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache, partial, update_wrapper
from pathlib import Path
from types import FunctionType
from typing import Any, ParamSpec, TypeVar, cast

from massivetext.filters.kernels.later import Globals, Instruction, Later
from massivetext.filters.kernels.private import private_folder
from massivetext.filters.kernels.source import fingerprint

P = ParamSpec("P")
R = TypeVar("R")

_BESIDE = Path(__file__).parent / "__pycache__"


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of numpy arrays and scalars to machine code.

    Kernels release the GIL and do not check bounds: callers size the arrays.
    """
    return compiled(function)


def borrowing_kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a kernel that only borrows its arrays: it neither makes nor returns one.

    Without arrays to own, the kernel counts no references. Counting costs an atomic instruction for each array
    argument of each call: a function that is called once a word runs four times as fast without it.
    """
    return compiled(function, _nrt=False)


def inlined_kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a borrowing kernel of a few instructions, which replace each call of it."""
    return compiled(function, _nrt=False, forceinline=True)


class Kernel(Later[Callable[..., Any]]):
    """A function that numba compiles, or loads from its cache, when it is first called, or when a kernel that calls
    it is compiled."""

    def __call__(self, *arguments: Any) -> Any:
        return self.made(*arguments)


def compiled(function: Callable[P, R], **options: Any) -> Callable[P, R]:
    """Compile a function with further options of `numba.njit`.

    numba caches a function by its own file alone, though the code of kernels from other files is compiled into
    it. So each cache lies in a folder named after the source of all that the function's file imports.
    """
    return cast(Callable[P, R], update_wrapper(Kernel(partial(_dispatcher, function, options)), function))


def _dispatcher(function: Callable[..., Any], options: dict[str, Any]) -> Callable[..., Any]:
    import numba

    cast(Any, numba.config).CACHE_DIR = str(_cache(function.__module__))
    for name in function.__code__.co_names:
        if isinstance(instruction := function.__globals__.get(name), Instruction):
            _ = instruction.made
    whole = FunctionType(
        function.__code__, Globals(function.__globals__), function.__name__, function.__defaults__
    )
    made = numba.njit(nogil=True, cache=True, **options)(update_wrapper(whole, function))
    return cast(Callable[..., Any], made)


def _cache(module: str) -> Path:
    """The folder for a module's kernels. numba uses no cache that it cannot write to. So kernels that were compiled
    beside the source, as in a container's build, are copied if this process cannot write there.
    """
    name = fingerprint(module)
    folder, beside = cache_folder() / name, _BESIDE / "kernels" / name
    if beside.exists() and not folder.exists():
        _copy_whole(beside, folder)
    return folder


def _copy_whole(source: Path, target: Path) -> None:
    """Copy a folder so that another process sees all of it or none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=target.parent))
    shutil.copytree(source, temporary, dirs_exist_ok=True)
    try:
        temporary.rename(target)
    except OSError:  # another process was first
        shutil.rmtree(temporary)


@cache
def cache_folder() -> Path:
    """A folder beside the source, or in the user's cache, or in the temporary directory: the first that is writable."""
    if os.access(_BESIDE if _BESIDE.exists() else _BESIDE.parent, os.W_OK):
        return _BESIDE / "kernels"
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    if os.access(home if home.exists() else home.parent, os.W_OK):
        return home / "massivetext"
    return private_folder(Path(tempfile.gettempdir()) / f"massivetext-kernels-{os.getuid()}")
