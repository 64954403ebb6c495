"""The one way kernels are compiled: to machine code that is cached, and never stale."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")

_BESIDE = Path(__file__).parent / "__pycache__"
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
    cast(Any, numba.config).CACHE_DIR = str(_cache(function.__module__))
    return cast(Callable[P, R], numba.njit(nogil=True, cache=True, **options)(function))


def _cache(module: str) -> Path:
    """The folder for a module's kernels. What was compiled beside the source, as in a container's build, is copied
    where that cannot be written: numba takes no cache that it cannot write."""
    name = _fingerprint(module)
    folder, beside = _cache_folder() / name, _BESIDE / "kernels" / name
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
def _cache_folder() -> Path:
    """Beside the source where that can be written; else in the user's cache."""
    if os.access(_BESIDE if _BESIDE.exists() else _BESIDE.parent, os.W_OK):
        return _BESIDE / "kernels"
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
