"""Lists that are declared one entry a file: a folder's modules, and the constant that each of them declares."""

import importlib
import pkgutil
from collections.abc import Iterable
from typing import Any


def declared(package: str, path: Iterable[str], constant: str) -> list[Any]:
    """The values of `constant` in the modules of a package, in the order of the modules' names.

    Modules that do not declare the constant are left out. `path` is the package's `__path__`.
    """
    if not package.startswith("massivetext."):
        raise ValueError(f"{package}: only lists of this package are put together so")
    names = sorted(module.name for module in pkgutil.iter_modules(path))
    modules = [importlib.import_module(f"{package}.{name}") for name in names]
    return [getattr(module, constant) for module in modules if hasattr(module, constant)]
