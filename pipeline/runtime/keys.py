"""Keys: fingerprints of all that a result depends on, and of nothing else."""

import dataclasses
import hashlib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import Enum
from functools import cache
from types import FunctionType

from pydantic import BaseModel

from massivetext.filters.kernels.source import closure, libraries
from massivetext.pipeline.runtime.kept_meanings import meanings
from massivetext.pipeline.runtime.versions import ENTERING, version_of

CARRIERS = (
    "massivetext.pipeline.config",
    "massivetext.pipeline.plugins",
    "massivetext.pipeline.stages.names",
    *(
        f"massivetext.pipeline.runtime.{name}"
        for name in (
            *(
                "costs",
                "counters",
                "dataflow",
                "engine",
                "explain",
                "graph",
                "kept_meanings",
                "keys",
                "live_funnel",
                "local_workers",
                "lock",
            ),
            *(
                "manifest",
                "parts",
                "pipelines",
                "progress",
                "shuffle",
                "spread",
                "stage",
                "standing",
                "steps",
            ),
            *("stopping", "versions", "work_on"),
        )
    ),
    *(
        f"massivetext.pipeline.storage.{name}"
        for name in (
            *("block_file", "files", "http_files", "http_request", "hub", "layout", "object_store", "origin"),
            *("output", "sealed"),
        )
    ),
)
"""Modules on which no result depends: they decide when and where work is done, and carry settings and bytes to it."""


def key_of(*things: object) -> str:
    """Returns a fingerprint of the values of some things; see `described`."""
    return hashlib.sha256(described(things).encode()).hexdigest()[:32]


def described(thing: object) -> str:
    """Returns a text for a value that is the same in every process.

    For a dataclass it has the fields that `repr` shows. So a field with `repr=False`, such as the path of an output,
    is in no key.
    """
    if isinstance(thing, BaseModel):
        return described({type(thing).__name__: dict(thing)})
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        shown = {field.name: getattr(thing, field.name) for field in dataclasses.fields(thing) if field.repr}
        return described({type(thing).__name__: shown})
    if isinstance(thing, Mapping):
        return f"{{{','.join(sorted(f'{described(k)}:{described(v)}' for k, v in thing.items()))}}}"
    if isinstance(thing, AbstractSet):
        return f"{{{','.join(sorted(map(described, thing)))}}}"
    if isinstance(thing, tuple | list):
        return f"[{','.join(map(described, thing))}]"
    if isinstance(thing, range):
        return repr(thing)
    if thing is None or isinstance(thing, str | bytes | int | float | Enum):
        return repr(thing)
    if isinstance(thing, FunctionType):
        return f"{thing.__module__}.{thing.__qualname__}"
    raise TypeError(f"{type(thing).__name__} cannot be in a key: {thing!r}")


@cache
def code_of(module: str) -> str:
    """Returns a fingerprint of the code of `module` and of all modules that it imports, except CARRIERS.

    The versions of libraries whose output enters results are part of it. Comments, docstrings and the layout of the
    code do not change it.
    """
    digest, modules = hashlib.sha256(), sorted(closure(module, CARRIERS))
    for name, found in zip(modules, meanings(modules), strict=True):
        digest.update(f"{name}\0{found}\0".encode())
    for library in sorted(
        {ENTERING[each] for name in modules for each in libraries(name) if each in ENTERING}
    ):
        digest.update(f"{library}\0{version_of(library)}\0".encode())
    return digest.hexdigest()[:16]
