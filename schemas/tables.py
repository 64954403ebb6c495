"""Which tables an output holds: one fingerprint of all schemas, by which a reader knows another version's output."""

import hashlib
import pkgutil
from functools import cache
from importlib import import_module

import pyarrow as pa


@cache
def fingerprint() -> str:
    """The hash of the names and types of all columns that this folder's modules declare."""
    package = __name__.rpartition(".")[0]
    path = import_module(package).__path__
    modules = [import_module(f"{package}.{one.name}") for one in pkgutil.iter_modules(path)]
    found = sorted(
        f"{module.__name__}.{name}: {value.to_string(show_field_metadata=False, show_schema_metadata=False)}"
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, pa.Schema)
    )
    return hashlib.sha256("\n".join(found).encode()).hexdigest()[:16]
